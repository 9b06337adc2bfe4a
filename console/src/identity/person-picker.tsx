import { Button } from 'react-aria-components';
import { Page } from '../components/page.tsx';
import { identity as text } from '../text/identity.ts';
import { useIdentity } from './identity.ts';
import './person-picker.css';

/** In the sandbox: who uses the console. */
export function PersonPicker() {
  const { people, pick } = useIdentity();
  return (
    <Page title={text.pickTitle} hint={text.pickHint}>
      <ul className="people">
        {people.map((person) => (
          <li key={person.name}>
            <Button className="person" onPress={() => pick(person)}>
              <strong>{person.name}</strong>
              <span>{person.rights}</span>
            </Button>
          </li>
        ))}
      </ul>
    </Page>
  );
}
