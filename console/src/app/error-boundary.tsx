import type { ApolloClient } from '@apollo/client';
import { useApolloClient } from '@apollo/client/react';
import { Component, Fragment, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../components/button.tsx';
import { common } from '../text/common.ts';

/** Shows a page's failure in its place. Another page, or another attempt, begins anew. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  const [path] = useLocation();
  const client = useApolloClient();
  return (
    <Boundary key={path} client={client}>
      {children}
    </Boundary>
  );
}

interface Props {
  client: ApolloClient;
  children: ReactNode;
}

interface State {
  failure?: { error: unknown } | undefined;
  attempt: number;
}

class Boundary extends Component<Props, State> {
  override state: State = { attempt: 1 };

  static getDerivedStateFromError(error: unknown): Partial<State> {
    return { failure: { error } };
  }

  /** The page is not loaded again, as it would forget the token. */
  async #tryAgain(): Promise<void> {
    // What was read can be what the page has failed at.
    await this.props.client.clearStore();
    this.setState(({ attempt }) => ({ failure: undefined, attempt: attempt + 1 }));
  }

  override render() {
    const { failure, attempt } = this.state;
    if (!failure) return <Fragment key={attempt}>{this.props.children}</Fragment>;
    const { error } = failure;
    const { title, hint } = common.crashed;
    return (
      <div role="alert" className="empty-state">
        <h1>{title}</h1>
        <p>{hint}</p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
        <Button onPress={() => void this.#tryAgain()}>{common.retry}</Button>
      </div>
    );
  }
}
