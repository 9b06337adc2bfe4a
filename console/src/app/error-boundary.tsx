import { Component, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../components/button.tsx';
import { common } from '../text/common.ts';

interface Props {
  children: ReactNode;
}

/** Shows a page's failure in its place. Another page, or another attempt, begins anew. */
export function ErrorBoundary({ children }: Props) {
  const [path] = useLocation();
  return <Boundary key={path}>{children}</Boundary>;
}

class Boundary extends Component<Props, { error?: unknown }> {
  override state: { error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (!('error' in this.state)) return this.props.children;
    const { error } = this.state;
    const { title, hint } = common.crashed;
    return (
      <div role="alert" className="empty-state">
        <h1>{title}</h1>
        <p>{hint}</p>
        <pre>{error instanceof Error ? error.message : String(error)}</pre>
        <Button onPress={() => this.setState({ error: undefined }, () => window.location.reload())}>
          {common.reload}
        </Button>
      </div>
    );
  }
}
