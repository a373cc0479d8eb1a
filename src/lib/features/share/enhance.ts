/**
 * What a script adds to a shared page: a day to pull out of the progress, before laid over after, the map enlarged
 * and moved by hand, printing. Plain DOM over the HTML that is there: without it nothing is missing. Built as a file
 * of its own (`?worker&url`), because such a page loads nothing else.
 */
const all = <T extends Element>(of: ParentNode, selector: string) => [
	...of.querySelectorAll<T>(selector)
];
const words = document.querySelector<HTMLElement>('#x-words')?.dataset ?? {};

function days(figure: HTMLElement) {
	const points = JSON.parse(figure.dataset.days ?? '[]') as [number, string][];
	const input = figure.querySelector('input');
	const caption = figure.querySelector('figcaption');
	const cursor = figure.querySelector<SVGPathElement>('.cursor');
	if (!input || !caption || !cursor) return;
	const show = () => {
		const [x, text] = points[Number(input.value)] ?? [0, ''];
		caption.textContent = text;
		input.setAttribute('aria-valuetext', text);
		cursor.style.transform = `translateX(${x - 640}px)`;
	};
	input.addEventListener('input', show);
	show();
}

/** One photo over the other, the upper one as wide as the slider says. */
function compare(pair: HTMLElement) {
	const [before, after] = all<HTMLElement>(pair, 'figure');
	if (!before || !after) return;
	const label = document.createElement('label');
	const input = document.createElement('input');
	input.type = 'range';
	input.min = '0';
	input.max = '100';
	input.value = '50';
	label.append(pair.dataset.pair ?? '', input);
	const show = () => pair.style.setProperty('--at', `${input.value}%`);
	input.addEventListener('input', show);
	pair.classList.add('over');
	pair.after(label);
	show();
}

/** The drawing fills the screen; it is moved by fingers, wheel and keys. What stands at a point keeps its size. */
function enlarge(figure: HTMLElement) {
	const svg = figure.querySelector('svg');
	const button = figure.querySelector<HTMLButtonElement>('[data-enlarge]');
	if (!svg || !button || !('showModal' in HTMLDialogElement.prototype)) return;
	button.addEventListener('click', () => {
		const dialog = document.createElement('dialog');
		dialog.className = 'sheet live';
		const copy = svg.cloneNode(true) as SVGSVGElement;
		const bar = document.createElement('p');
		const press = (text: string, name: string, act: () => void) => {
			const b = document.createElement('button');
			b.type = 'button';
			b.className = 'press';
			b.textContent = text;
			b.setAttribute('aria-label', name);
			b.addEventListener('click', act);
			bar.append(b);
		};
		copy.tabIndex = 0;
		dialog.append(copy, bar);
		document.body.append(dialog);
		dialog.addEventListener('close', () => {
			dialog.remove();
			button.focus();
		});
		dialog.setAttribute('aria-label', svg.getAttribute('aria-label') ?? '');
		dialog.showModal();
		const { width: w, height: h } = svg.viewBox.baseVal;
		const box = copy.getBoundingClientRect();
		const fit = Math.min(box.width / w, box.height / h);
		const view = { x: w / 2, y: h / 2, z: 1 };
		const show = () => {
			view.z = Math.min(16, Math.max(1, view.z));
			view.x = Math.min(w, Math.max(0, view.x));
			view.y = Math.min(h, Math.max(0, view.y));
			const [vw, vh] = [box.width / fit / view.z, box.height / fit / view.z];
			copy.setAttribute('viewBox', `${view.x - vw / 2} ${view.y - vh / 2} ${vw} ${vh}`);
			copy.style.setProperty('--s', String(1 / view.z / fit));
		};
		const zoom = (by: number, x = box.width / 2, y = box.height / 2) => {
			const was = view.z;
			view.z = Math.min(16, Math.max(1, view.z * by));
			const moved = (1 / was - 1 / view.z) / fit;
			view.x += (x - box.width / 2) * moved;
			view.y += (y - box.height / 2) * moved;
			show();
		};
		const pan = (dx: number, dy: number) => {
			view.x -= dx / fit / view.z;
			view.y -= dy / fit / view.z;
			show();
		};
		press('+', words.in ?? '', () => zoom(1.6));
		press('−', words.out ?? '', () => zoom(1 / 1.6));
		press('×', words.close ?? '', () => dialog.close());
		const fingers = new Map<number, [number, number]>();
		const gap = () => {
			const [a, b] = [...fingers.values()];
			return a && b ? Math.hypot(a[0] - b[0], a[1] - b[1]) : 0;
		};
		copy.addEventListener('pointerdown', (e) => {
			copy.setPointerCapture(e.pointerId);
			fingers.set(e.pointerId, [e.clientX, e.clientY]);
		});
		copy.addEventListener('pointermove', (e) => {
			const from = fingers.get(e.pointerId);
			if (!from) return;
			const was = gap();
			fingers.set(e.pointerId, [e.clientX, e.clientY]);
			if (fingers.size === 1) pan(e.clientX - from[0], e.clientY - from[1]);
			else if (was) {
				const [a, b] = [...fingers.values()];
				zoom(gap() / was, (a![0] + b![0]) / 2 - box.left, (a![1] + b![1]) / 2 - box.top);
			}
		});
		for (const end of ['pointerup', 'pointercancel'] as const)
			copy.addEventListener(end, (e) => fingers.delete(e.pointerId));
		copy.addEventListener(
			'wheel',
			(e) => {
				e.preventDefault();
				zoom(2 ** (-e.deltaY / 300), e.clientX - box.left, e.clientY - box.top);
			},
			{ passive: false }
		);
		const keys: Record<string, () => void> = {
			ArrowLeft: () => pan(60, 0),
			ArrowRight: () => pan(-60, 0),
			ArrowUp: () => pan(0, 60),
			ArrowDown: () => pan(0, -60),
			'+': () => zoom(1.6),
			'=': () => zoom(1.6),
			'-': () => zoom(1 / 1.6)
		};
		copy.addEventListener('keydown', (e) => {
			const act = keys[e.key];
			if (!act) return;
			e.preventDefault();
			act();
		});
		show();
		copy.focus();
	});
}

document.documentElement.classList.add('scripted');
all<HTMLElement>(document, '[data-days]').forEach(days);
all<HTMLElement>(document, '[data-pair]').forEach(compare);
all<HTMLElement>(document, '[data-map]').forEach(enlarge);
for (const b of all<HTMLElement>(document, '[data-print]'))
	b.addEventListener('click', () => print());
document.documentElement.setAttribute('data-alive', '');
