import { describe, expect, it } from 'vitest';
import { hasKubectl } from '../support/kubectl.ts';
import { hasTool, runTool } from './go-tools.ts';
import { buildWith, examples } from './my-writ.ts';
import { useHelm } from './rendered.ts';

/** Rules of kube-score that do not hold here, and why. */
const IGNORED = [
  // A limit of CPU throttles a process that has idle CPU beside it.
  '--ignore-container-cpu-limit',
  // The root filesystem is read-only, and no volume can be written.
  '--ignore-test=container-ephemeral-storage-request-and-limit',
  // The image's user is a number and not root. OpenShift chooses another, so the manifests name none.
  '--ignore-test=container-security-context-user-group-id',
  // Images have the tag of a version, or a digest.
  '--ignore-test=container-image-pull-policy',
  // topologySpreadConstraints spread the pods, over zones too.
  '--ignore-test=deployment-has-host-podantiaffinity',
];

describe.runIf(hasTool('kube-score') && hasTool('helm'))('kube-score', () => {
  const { home, render } = useHelm();
  function score(text: string, ...options: string[]) {
    const args = ['score', '--output-format', 'ci', ...options, '-'];
    const { stdout } = runTool('kube-score', args, { home, input: text });
    return stdout.split('\n').filter((line) => /^\[(CRITICAL|WARNING)\]/.test(line));
  }
  const everything = {
    api: { autoscaling: { enabled: true } },
    ingress: { enabled: true, host: 'writ.example.com' },
  };

  it('has no complaint about the charts, by default and with an Ingress and an autoscaler', () => {
    expect(score(render('writ') + render('base'), ...IGNORED)).toEqual([]);
    expect(score(render('writ', everything), ...IGNORED)).toEqual([]);
  });

  it('reads what it is given: it complains about a container without a security context', () => {
    const text = render('writ').replaceAll('readOnlyRootFilesystem: true', 'readOnlyRootFilesystem: false');
    expect(score(text, ...IGNORED)).toHaveLength(2);
  });

  it.runIf(hasKubectl(27, 'kube-score of the examples')).each(examples)(
    'has none about the example %s',
    (example) => {
      // Where the identity provider is, no selector can say.
      const critical = score(buildWith(example), ...IGNORED).filter((line) => line.startsWith('[CRITICAL]'));
      expect(critical).toEqual([]);
    },
  );
});
