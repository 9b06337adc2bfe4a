import { fileURLToPath } from 'node:url';
import { buildGoPrograms, type GoPrograms, goProgramPath } from '../support/go-programs.ts';

/** Prometheus' programs, of the version that go.mod beside this file has. */
const PROMETHEUS = {
  folder: fileURLToPath(new URL('.', import.meta.url)),
  cache: 'prometheus',
  // Without the service discovery of clouds, most of whose libraries need not be compiled then.
  flags: ['-tags', 'remove_all_sd'],
  packages: {
    promtool: 'github.com/prometheus/prometheus/cmd/promtool',
    prometheus: 'github.com/prometheus/prometheus/cmd/prometheus',
  },
} satisfies GoPrograms;

/** The path of the program, which {@link buildPrograms} has put there. */
export const programPath = (program: keyof typeof PROMETHEUS.packages) => goProgramPath(PROMETHEUS, program);

/** Builds the programs unless the user's cache folder has them. */
export async function buildPrograms(say: (line: string) => void): Promise<void> {
  if (!(await buildGoPrograms(PROMETHEUS, say)))
    throw new Error(
      'Prometheus is built from test/monitoring/go.mod with Go (https://go.dev), which is missing',
    );
}
