/** `npm run package`: writes second-thought.vsix and says what to do with it. */
import { statSync } from 'node:fs';
import { packageExtension, VSIX } from './build.ts';
import { main, say } from './progress.mjs';

await main(async () => {
  await packageExtension();
  say(`${VSIX}  ${Math.ceil(statSync(VSIX).size / 1024)} KiB\nInstall it with: code --install-extension second-thought.vsix`);
});
