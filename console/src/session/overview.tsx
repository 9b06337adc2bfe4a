import { Section } from '../components/section.tsx';
import type { SessionDetailFragment } from '../generated/graphql.ts';
import { session as text } from '../text/session.ts';
import { Family } from './family.tsx';
import { KeyValues } from './key-values.tsx';
import { Repos } from './repos.tsx';
import { SessionFacts } from './session-facts.tsx';
import { Timeline } from './timeline.tsx';

export function Overview({ project, session }: { project: string; session: SessionDetailFragment }) {
  const { initialPrompt, environmentVariables, labels, annotations } = session;
  return (
    <div className="session-overview">
      <div>
        <Section isPlain title={text.prompt.title}>
          {initialPrompt ? (
            <p className="prompt">{initialPrompt}</p>
          ) : (
            <p className="muted">{text.prompt.none}</p>
          )}
        </Section>
        <Section isPlain title={text.timeline.title}>
          <Timeline session={session} />
        </Section>
      </div>
      <div>
        <Section isPlain title={text.facts.title}>
          <SessionFacts session={session} />
        </Section>
        <Repos session={session} />
        <Family project={project} name={session.name} />
        <KeyValues title={text.variables.title} items={environmentVariables} isHidden />
        <KeyValues title={text.labels} items={labels} />
        <KeyValues title={text.annotations} items={annotations} />
      </div>
    </div>
  );
}
