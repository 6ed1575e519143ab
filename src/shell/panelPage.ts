/** The panel's page: one script and one style sheet of ours, and a policy that lets in nothing else. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** The page carries the comparison's id, which VS Code gives back when it restores the panel. */
export function panelPage(webview: vscode.Webview, root: vscode.Uri, comparisonId: string): string {
  const nonce = randomBytes(16).toString('base64');
  const asset = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(root, name)).toString();
  const policy = [
    "default-src 'none'",
    `style-src ${webview.cspSource} 'unsafe-inline'`,
    `font-src ${webview.cspSource} data:`,
    `img-src ${webview.cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Comparison</title>
    <link rel="stylesheet" href="${asset('webview.css')}" id="vscode-codicon-stylesheet">
  </head>
  <body>
    <div id="app" data-comparison="${comparisonId}"></div>
    <script nonce="${nonce}" src="${asset('webview.js')}"></script>
  </body>
</html>`;
}
