import type { ReactNode } from 'react';
import { type Fact, Facts } from '../components/facts.tsx';
import type { ScheduleDetailsFragment } from '../generated/graphql.ts';
import { useRunnerWords } from '../session-fields/use-runner-types.ts';
import { schedules } from '../text/schedules.ts';
import { sessionFields as text } from '../text/session-fields.ts';

interface TemplateFactsProps {
  template: NonNullable<ScheduleDetailsFragment['sessionTemplate']>;
}

/** What the sessions of a schedule have in common. What is not set is not shown. */
export function TemplateFacts({ template }: TemplateFactsProps) {
  const { displayName, initialPrompt, runnerType, llmSettings, repos, environmentVariables } = template;
  const { runner, model } = useRunnerWords(runnerType, llmSettings?.model);
  const facts: Fact[] = [
    [schedules.fields.sessionName, displayName],
    [text.prompt, initialPrompt && <Prompt key="prompt">{initialPrompt}</Prompt>],
    [text.runner, runner],
    [text.model, model],
    [text.temperature, llmSettings?.temperature],
    [text.maxTokens, llmSettings?.maxTokens],
    [text.repos, listOf(repos.map(({ url, branch }) => [url, branch]))],
    [text.variables.label, listOf(environmentVariables.map(({ key }) => [key]))],
    [text.timeout, template.timeoutSeconds],
    [text.inactivityTimeout, template.inactivityTimeoutSeconds],
  ];
  return <Facts items={facts} />;
}

function Prompt({ children }: { children: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="long-text" tabIndex={0} aria-label={text.prompt}>
      {children}
    </section>
  );
}

/** Nothing without items. */
function listOf(items: readonly (readonly [code: string, more?: string | null])[]): ReactNode {
  if (items.length === 0) return null;
  return (
    <ul>
      {items.map(([code, more]) => (
        <li key={`${code} ${more}`}>
          <code>{code}</code> {more}
        </li>
      ))}
    </ul>
  );
}
