// Runs in the browser, before GraphiQL. Shows the calls that the results of an operation list in `extensions.upstream`.
(() => {
  const panel = document.querySelector('#writ-calls');
  const title = panel.querySelector('summary');
  const list = panel.querySelector('ol');
  const send = window.fetch.bind(window);
  const MAX_ITEMS = 500;
  /** Of the operation that was sent last. */
  let count = 0;
  let operation = 0;

  function textElement(name, text) {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  }

  function describe({
    verb,
    resource,
    subresource,
    namespace,
    name,
    path,
    status,
    errorType,
    durationMs,
    identity,
  }) {
    const object = resource === null ? path : `${resource}${subresource === null ? '' : `/${subresource}`}`;
    const place = namespace === null || resource === 'namespaces' ? '' : ` in ${namespace}`;
    const outcome = status ?? errorType ?? 'no response yet';
    const duration = durationMs === null ? '' : `, ${durationMs} ms`;
    const who = identity === 'user' ? 'as you' : 'as Writ';
    return `${verb} ${object}${name === null ? '' : ` ${name}`}${place}: ${outcome}${duration}, ${who}`;
  }

  function copyButton(command) {
    const button = textElement('button', 'Copy');
    button.type = 'button';
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(command.textContent);
        button.textContent = 'Copied';
      } catch {
        // Without the permission: the user copies the selection.
        window.getSelection().selectAllChildren(command);
        button.textContent = 'Selected';
      }
      setTimeout(() => {
        button.textContent = 'Copy';
      }, 2_000);
    });
    return button;
  }

  function itemOf(call) {
    const item = document.createElement('li');
    if (call.omitted !== undefined) {
      item.append(textElement('p', `${call.omitted} more calls are not listed`));
      return item;
    }
    const command = textElement('pre', call.command);
    item.append(textElement('p', describe(call)), copyButton(command), command);
    return item;
  }

  function show(of, result) {
    const calls = result?.extensions?.upstream;
    if (of !== operation || !Array.isArray(calls)) return;
    for (const call of calls) {
      count += call.omitted ?? 1;
      list.append(itemOf(call));
      if (list.children.length > MAX_ITEMS) list.firstElementChild.remove();
    }
    title.textContent = `Calls (${count})`;
    panel.hidden = false;
  }

  async function read(of, response) {
    if (!response.headers.get('content-type')?.includes('text/event-stream')) {
      show(of, await response.json());
      return;
    }
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      const lines = (text + chunk).split('\n');
      text = lines.pop();
      for (const line of lines) {
        if (line.startsWith('data: {')) show(of, JSON.parse(line.slice('data: '.length)));
      }
    }
  }

  window.fetch = async (url, init = {}) => {
    const response = await send(url, init);
    // GraphiQL asks for the schema by itself. It subscribes with GET.
    if (`${url} ${init.body}`.includes('IntrospectionQuery')) return response;
    operation += 1;
    count = 0;
    list.replaceChildren();
    title.textContent = 'Calls (0)';
    // A result that is no JSON, or that was stopped, has no calls.
    read(operation, response.clone()).catch(() => {});
    return response;
  };
})();
