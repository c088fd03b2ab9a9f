/** Between two looks; the gateway takes a new picture about as often, however many watch. */
const LOOK_EVERY_MS = 5_000;
const SCREEN = 'burstcell.screen';
const BYTES = 'binary';

const element = (id) => document.getElementById(id);
const views = document.body.dataset.views.split(' ').filter(Boolean);

/** The gateway's web socket is where this page is, and takes the same token. */
function connect(protocol) {
  const url = new URL(location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  url.hash = '';
  const socket = new WebSocket(url, [protocol]);
  socket.binaryType = 'arraybuffer';
  return socket;
}

function farewell({ reason, code }) {
  if (reason !== '') return reason;
  return code === 1000 ? 'The console was closed.' : 'The connection was lost.';
}

/** Pictures of the screen, while somebody can see them. */
class Screen {
  #socket;
  #timer;
  #isWaiting = false;
  #isPaused = false;
  #wakes = false;
  #type = null;

  constructor() {
    element('pause').addEventListener('click', () => this.#pause());
    element('wake').addEventListener('click', () => this.#wake());
    element('rewatch').addEventListener('click', () => this.open());
    element('picture').addEventListener('load', ({ target }) => URL.revokeObjectURL(target.src));
    document.addEventListener('visibilitychange', () => this.lookNow());
  }

  open() {
    element('rewatch').hidden = true;
    this.#say('');
    this.#isWaiting = false;
    this.#socket = connect(SCREEN);
    this.#socket.addEventListener('open', () => this.lookNow());
    this.#socket.addEventListener('message', ({ data }) =>
      typeof data === 'string' ? this.#told(JSON.parse(data)) : this.#shown(data),
    );
    this.#socket.addEventListener('close', (event) => this.#closed(event));
  }

  /** Asks, unless nobody looks, or an answer is still awaited. */
  lookNow() {
    clearTimeout(this.#timer);
    if (this.#isWaiting || document.hidden || this.#isPaused || element('screen').hidden) return;
    if (this.#socket?.readyState !== WebSocket.OPEN) return;
    this.#isWaiting = true;
    this.#socket.send(this.#wakes ? 'wake' : 'look');
    this.#wakes = false;
  }

  #told({ server, picture, takenAt, reason }) {
    element('name').textContent = server.name;
    element('state').textContent = server.state;
    document.title = server.name;
    this.#say(reason ?? '');
    this.#type = picture;
    if (takenAt !== null) element('taken').textContent = `Picture of ${new Date(takenAt).toLocaleTimeString()}`;
    if (picture === null) this.#answered();
  }

  #shown(bytes) {
    const picture = element('picture');
    picture.src = URL.createObjectURL(new Blob([bytes], { type: this.#type }));
    picture.hidden = false;
    picture.classList.remove('old');
    this.#answered();
  }

  #answered() {
    this.#isWaiting = false;
    this.#timer = setTimeout(() => this.lookNow(), this.#wakes ? 0 : LOOK_EVERY_MS);
  }

  #closed(event) {
    clearTimeout(this.#timer);
    this.#say(farewell(event));
    element('rewatch').hidden = false;
  }

  #pause() {
    this.#isPaused = !this.#isPaused;
    element('pause').setAttribute('aria-pressed', String(this.#isPaused));
    element('pause').textContent = this.#isPaused ? 'Go on' : 'Pause';
    this.lookNow();
  }

  #wake() {
    this.#wakes = true;
    if (this.#isPaused) this.#pause();
    this.lookNow();
  }

  /** What is seen below a sentence is no longer so. */
  #say(sentence) {
    element('screen-notice').textContent = sentence;
    element('picture').classList.toggle('old', sentence !== '');
  }
}

/** The serial console: one session, begun when somebody wants it, as there may be only one at a time. */
class SerialTerminal {
  isOpened = false;
  #xterm;
  #fit;
  #socket;

  constructor() {
    element('reconnect').addEventListener('click', () => this.open());
    window.addEventListener('resize', () => this.fit());
  }

  open() {
    this.isOpened = true;
    element('reconnect').hidden = true;
    element('terminal-notice').textContent = '';
    this.#begin().catch(({ message }) => this.#closed({ reason: message }));
  }

  async #begin() {
    this.#xterm ??= await this.#made();
    this.#socket = connect(BYTES);
    this.#socket.addEventListener('message', ({ data }) => this.#xterm.write(new Uint8Array(data)));
    this.#socket.addEventListener('close', (event) => this.#closed(event));
    this.fit();
    this.#xterm.focus();
  }

  fit() {
    if (!element('terminal').hidden) this.#fit?.fit();
  }

  async #made() {
    await Promise.all([style('xterm.css'), script('xterm.js'), script('addon-fit.js')]);
    const xterm = new window.Terminal({ cursorBlink: true, scrollback: 10_000, theme: { background: '#101418' } });
    this.#fit = new window.FitAddon.FitAddon();
    xterm.loadAddon(this.#fit);
    xterm.open(element('xterm'));
    xterm.onData((text) => this.#send(new TextEncoder().encode(text)));
    xterm.onBinary((text) => this.#send(Uint8Array.from(text, (letter) => letter.charCodeAt(0))));
    return xterm;
  }

  #send(bytes) {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(bytes);
  }

  #closed(event) {
    element('terminal-notice').textContent = farewell(event);
    element('reconnect').hidden = false;
  }
}

function loaded(part) {
  return new Promise((resolve, reject) => {
    part.addEventListener('load', resolve);
    part.addEventListener('error', () => reject(new Error('a part of the page could not be loaded')));
    document.head.append(part);
  });
}

const script = (name) => loaded(Object.assign(document.createElement('script'), { src: `?asset=${name}` }));
const style = (name) => loaded(Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `?asset=${name}` }));

const screen = views.includes('screen') ? new Screen() : undefined;
const terminal = views.includes('terminal') ? new SerialTerminal() : undefined;

function show(view) {
  for (const each of ['screen', 'terminal']) {
    element(each).hidden = each !== view;
    element(`${each}-tab`).setAttribute('aria-selected', String(each === view));
  }
  if (view === 'screen') screen.lookNow();
  else if (terminal.isOpened) terminal.fit();
  else terminal.open();
}

for (const view of views) element(`${view}-tab`).addEventListener('click', () => show(view));
element('tabs').hidden = views.length < 2;
screen?.open();
if (views.length > 0) show(views[0]);
