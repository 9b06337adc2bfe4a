import type { Page } from 'playwright-core';

/** The playground as a person uses it: tabs, the header editor, the button that runs, the answer. */
export class PlaygroundPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string): Promise<void> {
    // The editors come late, and the schema last.
    const introspected = this.page.waitForResponse((response) =>
      Boolean(response.request().postData()?.includes('IntrospectionQuery')),
    );
    await this.page.goto(url);
    await this.page.locator('.graphiql-query-editor .view-line').first().waitFor();
    await (await introspected).finished();
  }

  async selectTab(name: string): Promise<void> {
    // The tabs can be dragged, and a drag handler swallows a click that comes without any movement.
    await this.page.getByRole('tab').getByRole('button', { name, exact: true }).dispatchEvent('click');
    await this.page.locator('.graphiql-tab-active').getByRole('button', { name, exact: true }).waitFor();
  }

  /** Replaces the text of the header editor, and waits until the playground has taken it up. */
  async setHeaders(headers: Record<string, string>): Promise<void> {
    await this.typeHeaders(headers);
    await this.page.waitForFunction(
      (typed) => Object.values(localStorage).some((kept) => String(kept).includes(typed)),
      headers.authorization ?? '',
    );
  }

  /** Replaces the text of the header editor. The playground takes it up a moment later. */
  async typeHeaders(headers: Record<string, string>): Promise<void> {
    const text = JSON.stringify(headers);
    await this.page.getByRole('button', { name: 'Headers', exact: true }).click();
    await this.page.locator('.graphiql-editor-tool .monaco-editor:visible .view-lines').click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(text);
    // What the editor has closed by itself stands behind the caret.
    await this.page.keyboard.press('Control+Shift+End');
    await this.page.keyboard.press('Delete');
  }

  /** Runs the operation of the tab, and gives GraphQL's answer once it is shown. */
  async execute(): Promise<string> {
    const text = await this.#clickUntilAnswered(5);
    await this.page
      .locator('.graphiql-response')
      .getByText(/"(data|errors)"/)
      .first()
      .waitFor();
    return text;
  }

  /** Runs the subscription of the tab. */
  async start(): Promise<void> {
    const stop = this.#stopButton();
    // GraphiQL passes over a click while it still takes up a tab.
    for (let clicks = 0; clicks < 5 && !(await stop.isVisible()); clicks += 1) {
      await this.page.getByRole('button', { name: /execute query/i }).click();
      await stop.waitFor({ timeout: 2_000 }).catch(() => {});
    }
  }

  async stop(): Promise<void> {
    await this.#stopButton().click();
    await this.page.getByRole('button', { name: /execute query/i }).waitFor();
  }

  #stopButton() {
    return this.page.getByRole('button', { name: /stop query/i });
  }

  /** GraphiQL passes over a click while it still takes up a tab: a person clicks again. */
  async #clickUntilAnswered(clicks: number): Promise<string> {
    const answered = this.page.waitForResponse(
      (response) => {
        const request = response.request();
        return request.method() === 'POST' && !request.postData()?.includes('IntrospectionQuery');
      },
      { timeout: clicks > 1 ? 2_000 : 30_000 },
    );
    // The wait may fail before the click has ended.
    answered.catch(() => undefined);
    await this.page.getByRole('button', { name: /execute query/i }).click();
    try {
      return await (await answered).text();
    } catch (error) {
      if (clicks > 1) return this.#clickUntilAnswered(clicks - 1);
      throw error;
    }
  }

  /** The text of the result pane, without the breaks of its lines. */
  async result(): Promise<string> {
    return (await this.page.locator('.graphiql-response').innerText()).replaceAll(/\s+/g, ' ');
  }
}
