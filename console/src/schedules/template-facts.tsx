import '../components/facts.css';
import type { ScheduleDetailsFragment } from '../generated/graphql.ts';
import { schedules } from '../text/schedules.ts';
import { sessionFields as text } from '../text/session-fields.ts';

interface TemplateFactsProps {
  template: NonNullable<ScheduleDetailsFragment['sessionTemplate']>;
}

/** What the sessions of a schedule have in common. What is not set is not shown. */
export function TemplateFacts({ template }: TemplateFactsProps) {
  const { displayName, initialPrompt, runnerType, llmSettings, repos, environmentVariables } = template;
  return (
    <dl className="facts">
      {displayName && <Fact name={schedules.fields.sessionName}>{displayName}</Fact>}
      {initialPrompt && (
        <Fact name={text.prompt}>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section className="long-text" tabIndex={0} aria-label={text.prompt}>
            {initialPrompt}
          </section>
        </Fact>
      )}
      <Fact name={text.runner}>{runnerType ?? text.defaultRunner()}</Fact>
      <Fact name={text.model}>{llmSettings?.model ?? text.defaultModel()}</Fact>
      {repos.length > 0 && (
        <Fact name={text.repos}>
          <ul>
            {repos.map(({ url, branch }) => (
              <li key={`${url} ${branch}`}>
                <code>{url}</code> {branch}
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {environmentVariables.length > 0 && (
        <Fact name={text.variables.label}>
          <ul>
            {environmentVariables.map(({ key }) => (
              <li key={key}>
                <code>{key}</code>
              </li>
            ))}
          </ul>
        </Fact>
      )}
      {template.timeoutSeconds !== null && <Fact name={text.timeout}>{template.timeoutSeconds}</Fact>}
      {template.inactivityTimeoutSeconds !== null && (
        <Fact name={text.inactivityTimeout}>{template.inactivityTimeoutSeconds}</Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
