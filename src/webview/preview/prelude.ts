/**
 * Stands before the model's code in each of its scripts, in the same text: the frame's policy runs nothing but scripts it knows by their
 * hash, so that a copy of one in a frame of its own begins with this, too. It takes away what the policy cannot refuse: WebRTC opens sockets
 * beside it. It wipes the nonce, which scripts could read from their elements.
 */
for (const script of document.scripts) {
  script.nonce = '';
  script.removeAttribute('nonce');
}
for (const name of Object.getOwnPropertyNames(globalThis)) {
  if (!/^(?:webkit|moz)?RTC|^(?:WebTransport|WebSocketStream|UDPSocket|TCPSocket)/.test(name)) continue;
  if (Object.getOwnPropertyDescriptor(globalThis, name)?.configurable)
    Object.defineProperty(globalThis, name, { value: undefined, writable: false, configurable: false });
}
