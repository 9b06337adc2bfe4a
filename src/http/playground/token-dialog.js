// Runs in the browser, before GraphiQL. Requests wait until the user has given a token, and get it in the header that Writ
// reads. It is kept in this variable alone: what a browser stores for a page it can write to a disk.
(() => {
  const dialog = document.querySelector('#writ-token');
  const { header, scheme } = dialog.dataset;
  const input = dialog.querySelector('input');
  const problem = dialog.querySelector('[role=alert]');
  const send = window.fetch.bind(window);
  /** The value of the header. Empty: the user goes on without. Undefined: the user was not asked yet. */
  let value;
  /** While the dialog is open. */
  let answered;

  dialog.querySelector('form').addEventListener('submit', (event) => {
    event.preventDefault();
    const token = input.value.trim().replace(/^bearer +/i, '');
    if (/^[!-~]+$/.test(token)) dialog.close(scheme + token);
    else problem.textContent = 'A token has no spaces, and only the characters of ASCII.';
  });
  dialog.querySelector('[type=button]').addEventListener('click', () => dialog.close(''));

  /** Each request that waits for the token gets the same answer. */
  function ask(message) {
    answered ??= new Promise((resolve) => {
      problem.textContent = message;
      dialog.addEventListener('close', () => resolve(dialog.returnValue), { once: true });
      dialog.showModal();
    }).then((given) => {
      value = given;
      // Escape closes the dialog without changing it.
      dialog.returnValue = '';
      input.value = '';
      answered = undefined;
    });
    return answered;
  }

  window.fetch = async (url, init = {}) => {
    const headers = new Headers(init.headers);
    // The header editor of a tab has a token of its own: the other tabs get it if they have none.
    if (headers.has(header)) {
      const response = await send(url, init);
      if (!value && response.ok) value = headers.get(header);
      return response;
    }
    if (value === undefined) await ask('');
    for (;;) {
      const used = value;
      if (used === '') return send(url, init);
      headers.set(header, used);
      const response = await send(url, { ...init, headers });
      if (response.status !== 401) return response;
      // Another request may have asked already.
      if (value === used) await ask('The cluster does not accept this token, or does not any more.');
    }
  };

  void ask('');
})();
