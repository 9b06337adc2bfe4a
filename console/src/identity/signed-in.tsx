import { ApolloProvider } from '@apollo/client/react';
import { type ReactNode, useContext } from 'react';
import { ErrorNotice } from '../components/error-notice.tsx';
import { Spinner } from '../components/spinner.tsx';
import { CallerContext } from './caller.ts';
import { useIdentity } from './identity.ts';
import { PersonPicker } from './person-picker.tsx';

/** Shows the children to somebody who has signed in. Another person begins with children of their own. */
export function SignedIn({ children }: { children: ReactNode }) {
  const caller = useContext(CallerContext);
  const { config, people, problem } = useIdentity();
  if (caller) {
    return (
      <ApolloProvider key={caller.username} client={caller.client}>
        {children}
      </ApolloProvider>
    );
  }
  if (problem !== undefined) {
    return (
      <div className="page">
        <ErrorNotice error={problem} onRetry={() => window.location.reload()} />
      </div>
    );
  }
  if (people.length > 0) return <PersonPicker />;
  // Meanwhile a dialog asks for the token.
  return config?.identity.kind === 'token' ? null : <Spinner />;
}
