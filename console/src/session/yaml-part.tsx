import { useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useRef } from 'react';
import { CopyButton } from '../components/copy-button.tsx';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Spinner } from '../components/spinner.tsx';
import { type SessionDetailFragment, SessionObjectDocument } from '../generated/graphql.ts';
import { session as texts } from '../text/session.ts';
import { toYaml } from './yaml.ts';

const text = texts.yaml;

interface YamlPartProps {
  project: string;
  session: SessionDetailFragment;
}

/** The object as YAML, read again with each change of the session. */
export function YamlPart({ project, session }: YamlPartProps) {
  const { name, resourceVersion } = session;
  const { data, error, refetch } = useQuery(SessionObjectDocument, {
    variables: { project, name },
    fetchPolicy: 'cache-and-network',
  });
  const shown = useRef(resourceVersion);
  useEffect(() => {
    if (shown.current === resourceVersion) return;
    shown.current = resourceVersion;
    void refetch();
  }, [resourceVersion, refetch]);
  const raw = data?.session?.raw;
  const yaml = useMemo(() => (raw ? toYaml(raw) : undefined), [raw]);
  return (
    <>
      <ErrorNotice error={error} onRetry={() => void refetch()} />
      {!yaml && !error && <Spinner />}
      {yaml && (
        <>
          <div className="yaml-header">
            <p className="muted">{text.hint}</p>
            <CopyButton text={yaml} label={text.copy} />
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <section tabIndex={0} aria-label={text.label} className="yaml">
            <pre>{yaml}</pre>
          </section>
        </>
      )}
    </>
  );
}
