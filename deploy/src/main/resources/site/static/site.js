// The site's only script: it fills the catalogue, greets whoever is signed in, and fetches the film in pieces.
const $ = selector => document.querySelector(selector);

async function catalogue(list, page) {
  const q = $('#q').value;
  const answer = await fetch(`/api/public/products?q=${encodeURIComponent(q)}&page=${page}`);
  const found = await answer.json();
  list.replaceChildren(...found.products.map(print => {
    const item = document.createElement('li');
    const image = Object.assign(document.createElement('img'), { src: print.image, alt: '', loading: 'lazy' });
    const text = Object.assign(document.createElement('div'), { className: 'text' });
    const title = Object.assign(document.createElement('strong'), { textContent: print.title });
    const price = Object.assign(document.createElement('span'), { textContent: `${print.euros} €` });
    const place = Object.assign(document.createElement('span'), { className: 'place', textContent: print.place });
    text.append(title, price, place);
    item.append(image, text);
    return item;
  }));
  $('#found').textContent = `${found.total} prints, page ${found.page} of ${found.pages}`;
  $('#back').disabled = found.page <= 1;
  $('#next').disabled = found.page >= found.pages;
  return found.page;
}

async function greet(place) {
  const answer = await fetch('/api/user/me', { credentials: 'same-origin' });
  const me = await answer.json();
  place.textContent = answer.ok ? `Signed in as ${me.name.replaceAll('+', ' ')}. ${me.prints} prints on your wall.` : 'Nobody is signed in.';
}

async function film(button) {
  const size = 1_000_000;
  const bar = $('#loaded');
  button.disabled = true;
  for (let first = 0; first < bar.max; first += size) {
    const answer = await fetch('/static/video.bin', { headers: { Range: `bytes=${first}-${first + size - 1}` } });
    bar.value = first + (await answer.arrayBuffer()).byteLength;
  }
  button.disabled = false;
}

const list = $('#prints');
if (list) {
  let page = 1;
  const show = async wanted => { page = await catalogue(list, wanted); };
  $('#q').addEventListener('input', () => show(1));
  $('#back').addEventListener('click', () => show(page - 1));
  $('#next').addEventListener('click', () => show(page + 1));
  show(1);
}
if ($('#me')) greet($('#me'));
if ($('#fetch')) $('#fetch').addEventListener('click', event => film(event.target));
