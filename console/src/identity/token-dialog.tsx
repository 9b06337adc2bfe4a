import { useState } from 'react';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { identity as text } from '../text/identity.ts';

interface Props {
  /** The cluster has refused the last token. */
  isAgain: boolean;
  /** A proxy was to add the token, and has not. */
  behindProxy: boolean;
  /** Rejects if the cluster does not accept it. */
  onGive(token: string): Promise<void>;
}

/** Asks for a token above the page, which stays as it is. */
export function TokenDialog({ isAgain, behindProxy, onGive }: Props) {
  const [token, setToken] = useState('');
  const [error, setError] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);

  async function submit() {
    const given = token.trim().replace(/^bearer +/i, '');
    setToken('');
    setBusy(true);
    setError(undefined);
    try {
      await onGive(given);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog title={isAgain ? text.tokenAgainTitle : text.tokenTitle} isOpen isRequired>
      <Form
        error={error}
        onSubmit={() => void submit()}
        actions={
          <Button type="submit" variant="primary" isPending={isBusy}>
            {text.submit}
          </Button>
        }
      >
        <p>{behindProxy ? text.tokenBehindProxy : text.tokenHint}</p>
        <p>{text.tokenKept}</p>
        <Field
          label={text.token}
          type="password"
          autoComplete="off"
          value={token}
          onChange={setToken}
          validate={(value) => (/^(bearer +)?[!-~]+$/i.test(value.trim()) ? undefined : text.tokenForm)}
          isRequired
          autoFocus
        />
      </Form>
    </Dialog>
  );
}
