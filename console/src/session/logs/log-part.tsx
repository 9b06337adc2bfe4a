import { useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import type { SessionDetailFragment } from '../../generated/graphql.ts';
import { logs as text } from '../../text/logs.ts';
import { download } from './download.ts';
import type { LogBuffer } from './log-buffer.ts';
import { LogSearch } from './log-search.ts';
import { LogSearchField } from './log-search-field.tsx';
import { LogSource, type Source } from './log-source.tsx';
import { LogView, type LogViewHandle } from './log-view.tsx';
import { Toggle } from './toggle.tsx';
import { useFollowedLog } from './use-followed-log.ts';
import { usePodLog } from './use-pod-log.ts';
import './logs.css';

interface LogPartProps {
  project: string;
  session: SessionDetailFragment;
}

/** The log of a session: as it is written, or that of one pod. */
export function LogPart({ project, session }: LogPartProps) {
  const { name, pods } = session;
  const [source, setSource] = useState<Source>({ pod: undefined, container: null, isPrevious: false });
  const { container } = source;
  const newestPod = pods?.[0]?.name;
  const followed = useFollowedLog({
    project,
    name,
    container,
    newestPod,
    isSkipped: source.pod !== undefined,
  });
  const { readAgain, ...read } = usePodLog({ project, name, ...source });
  const log = source.pod === undefined ? followed : read;
  const { buffer, error } = log;
  useSyncExternalStore(buffer.subscribe, buffer.version);

  const [query, setQuery] = useState('');
  const search = useMemo(() => new LogSearch(buffer, query), [buffer, query]);
  const [current, setCurrent] = useState<number>();
  const [wraps, setWraps] = useState(true);
  const [showsTimes, setShowsTimes] = useState(false);
  const [isFollowing, setFollowing] = useState(true);
  const view = useRef<LogViewHandle>(null);
  const changeSource = (next: Source) => {
    setSource(next);
    setCurrent(undefined);
    setFollowing(true);
  };
  const isLive = source.pod === undefined && log.state === 'following';
  return (
    <div className="log-part">
      <div className="log-toolbar">
        <LogSource pods={pods ?? []} source={source} onChange={changeSource} />
        <LogSearchField
          query={query}
          matches={search.matches()}
          current={current}
          onQuery={(next) => {
            setQuery(next);
            setCurrent(undefined);
          }}
          onCurrent={(id) => {
            setCurrent(id);
            view.current?.show(id);
          }}
        />
        <div className="log-buttons">
          <Toggle isSelected={wraps} onChange={setWraps}>
            {text.wrap}
          </Toggle>
          <Toggle isSelected={showsTimes} onChange={setShowsTimes}>
            {text.times}
          </Toggle>
          <Button
            isDisabled={buffer.entries.length === 0}
            onPress={() => download(`${name}.log`, buffer.entries, showsTimes)}
          >
            {text.download}
          </Button>
        </div>
      </div>
      <ErrorNotice error={error} onRetry={source.pod === undefined ? undefined : readAgain} />
      {buffer.entries.length === 0 ? (
        <NoLines state={log.state} session={session} isOfPod={source.pod !== undefined} />
      ) : (
        <LogView
          ref={view}
          buffer={buffer}
          query={search.query}
          current={current}
          wraps={wraps}
          showsTimes={showsTimes}
          isFollowing={isFollowing}
          onFollowing={setFollowing}
        />
      )}
      <div className="log-status">
        <span role="status">{isLive && !isFollowing ? text.states.paused : text.states[log.state]}</span>
        <LineCount buffer={buffer} />
        {isLive && !isFollowing && <Button onPress={() => setFollowing(true)}>{text.toEnd}</Button>}
        {log.state === 'read' && <Button onPress={readAgain}>{text.readAgain}</Button>}
      </div>
    </div>
  );
}

function LineCount({ buffer: { entries, dropped } }: { buffer: LogBuffer }) {
  return (
    <span className="muted">
      {text.lines(entries.length)}
      {dropped > 0 && `; ${text.dropped(dropped)}`}
    </span>
  );
}

interface NoLinesProps {
  state: keyof typeof text.states;
  session: SessionDetailFragment;
  isOfPod: boolean;
}

function NoLines({ state, session, isOfPod }: NoLinesProps) {
  if (state === 'failed') return null;
  if (isOfPod) return <EmptyState {...text.nothing} />;
  if (state === 'ended') return <EmptyState {...(session.pods?.length ? text.nothing : text.gone)} />;
  const isStarted = session.startTime !== null || session.pods?.length;
  return <EmptyState {...(isStarted || session.phase === 'CREATING' ? text.waiting : text.notStarted)} />;
}
