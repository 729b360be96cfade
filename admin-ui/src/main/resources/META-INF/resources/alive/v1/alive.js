// Says so when the console itself does not answer any more: a page that nobody updates looks as well as one where all is well.
const EVERY = 3000;
const PATIENCE = 4000;
const FAILURES = 2;

let failures = 0;
let last = new Date();

function bar() {
  let bar = document.getElementById('console-gone');
  if (!bar) {
    bar = document.createElement('div');
    bar.id = 'console-gone';
    bar.setAttribute('role', 'alert');
    document.body.append(bar);
  }
  return bar;
}

async function beat() {
  // A page in the background is not looked at, and browsers slow its clock down.
  if (document.hidden) return;
  try {
    await fetch('/health/live', { cache: 'no-store', signal: AbortSignal.timeout(PATIENCE) });
    failures = 0;
    last = new Date();
    document.getElementById('console-gone')?.remove();
  } catch {
    if (++failures >= FAILURES) {
      const text = `The console does not answer. What is shown is as of ${last.toLocaleTimeString('en-GB')}; edges go on answering viewers.`;
      if (bar().textContent !== text) bar().textContent = text;
    }
  }
}

async function keepAsking() {
  await beat();
  setTimeout(keepAsking, EVERY);
}

keepAsking();
