import { ExternalLink } from '../components/external-link.tsx';
import { Section } from '../components/section.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as texts } from '../text/session.ts';

const text = texts.repos;

export function Repos({ session }: { session: SessionDetailFragment }) {
  const { repos, reconciledRepos, activeWorkflow } = session;
  return (
    <>
      <Section isPlain title={text.title}>
        {repos.length === 0 ? (
          <p className="muted">{text.none}</p>
        ) : (
          <ul className="plain-list">
            {repos.map(({ url, branch, autoPush }, index) => {
              const found = reconciledRepos.find((repo) => repo.url === url);
              const state = [
                text.branch(branch ?? text.defaultBranch),
                autoPush && text.autoPush,
                found?.status && text.states[found.status],
                found?.currentActiveBranch && text.on(found.currentActiveBranch),
              ];
              return (
                // biome-ignore lint/suspicious/noArrayIndexKey: a URL can be there twice
                <li key={index}>
                  <ExternalLink url={url} />
                  <div className="muted">{state.filter(Boolean).join(' · ')}</div>
                </li>
              );
            })}
          </ul>
        )}
      </Section>
      {activeWorkflow?.gitUrl && (
        <Section isPlain title={texts.workflow}>
          <ExternalLink url={activeWorkflow.gitUrl} />
          <div className="muted">
            {[text.branch(activeWorkflow.branch ?? text.defaultBranch), activeWorkflow.path]
              .filter(Boolean)
              .join(' · ')}
          </div>
        </Section>
      )}
    </>
  );
}
