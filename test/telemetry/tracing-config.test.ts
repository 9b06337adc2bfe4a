import { describe, expect, it } from 'vitest';
import { readTracing } from '../../src/config/tracing-config.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

describe('traces are off', () => {
  it.each<[string, Record<string, string>]>([
    ['by default', {}],
    ['if only other variables are set', { OTEL_SERVICE_NAME: 'x', OTEL_TRACES_SAMPLER: 'always_on' }],
    ['without an exporter', { ...ENDPOINT, OTEL_TRACES_EXPORTER: 'none' }],
    ['if the SDK is disabled', { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' }],
    ['if the variables are empty', { OTEL_EXPORTER_OTLP_ENDPOINT: '', OTEL_TRACES_EXPORTER: '' }],
  ])('%s', (_, environment) => {
    expect(readTracing(environment)).toBeUndefined();
  });
});

describe('traces are exported', () => {
  it.each<[Record<string, string>, string]>([
    [{ OTEL_TRACES_EXPORTER: 'otlp' }, 'http://localhost:4318/v1/traces'],
    [ENDPOINT, 'http://collector:4318/v1/traces'],
    [{ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/x' }, 'https://traces/x'],
    [{ ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces/x' }, 'https://traces/x'],
  ])('with %j to %s', (environment, url) => {
    expect(readTracing(environment)).toMatchObject({
      url,
      sampler: 'parentbased_always_on',
      propagate: true,
    });
  });

  it('as sampler, propagators and limits of the queue say', () => {
    const environment = {
      ...ENDPOINT,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0.25',
      OTEL_PROPAGATORS: 'baggage',
      OTEL_BSP_MAX_QUEUE_SIZE: '10',
    };
    expect(readTracing(environment)).toMatchObject({
      sampler: 'traceidratio',
      ratio: 0.25,
      propagate: false,
      maxQueueSize: 10,
    });
  });
});

describe('Writ does not start', () => {
  it.each([
    ['OTEL_TRACES_EXPORTER', 'zipkin'],
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
    ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'collector:secret@host'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc'],
    ['OTEL_BSP_MAX_QUEUE_SIZE', '-1'],
  ])('with %s=%s, and says which variable is wrong, but not its value', (name, value) => {
    const read = () => readTracing({ ...ENDPOINT, [name]: value });
    expect(read).toThrow(name);
    expect(read).not.toThrow(new RegExp(`secret|${value}(?! alone)`));
  });
});
