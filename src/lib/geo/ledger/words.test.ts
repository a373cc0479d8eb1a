import { describe, expect, it } from 'vitest';
import { categoryOf } from './category';
import { dayOfSerial, readDay } from './dates';
import { headingOf, meaningOf, splitHeading } from './headings';
import { readCount, readDegrees, readMu, readNumber, readPair, readWan } from './numbers';
import { villageName } from './rowreader';
import { saysDone, saysProven } from './tasks';
import { meanings } from '../draft';
import { taskKinds } from '$lib/domain/task';

describe('days as offices write them', () => {
	it.each([
		['2025.6.15', '2025-06-15'],
		['2026年3月7日', '2026-03-07'],
		['2026-06-24', '2026-06-24'],
		['2026/6/4 10:30', '2026-06-04'],
		['２０２６年３月７日', '2026-03-07'],
		['20260615', '2026-06-15'],
		['25.6.15', '2025-06-15'],
		['6月7日', '2026-06-07'],
		['6.7', '2026-06-07'],
		['6月15号前', '2026-06-15'],
		['截至6月底', '2026-06-30'],
		['截至2月底', '2026-02-28'],
		['2028年2月底前', '2028-02-29'],
		['6月中旬', '2026-06-20'],
		['6月上旬', '2026-06-10'],
		['2026年6月', '2026-06-30'],
		['2026年底前', '2026-12-31'],
		['年底', '2026-12-31'],
		['45000', '2023-03-15'],
		[46000, '2025-12-09'],
		[6.15, '2026-06-15'],
		['长期', null],
		['2月30日', null],
		['13月1日', null],
		['', null],
		['立行立改', null]
	])('%s → %s', (text, day) => expect(readDay(text, 2026)?.day ?? null).toBe(day));

	it('knows when the year was not in the text', () => {
		expect(readDay('6月7日', 2026)!.ownYear).toBe(false);
		expect(readDay('2026-6-7', 2020)!.ownYear).toBe(true);
		expect(readDay('6月7日', null)).toBeNull();
		expect(dayOfSerial(44927, true)).toBe('2027-01-02');
	});
});

describe('angles and numbers', () => {
	it.each([
		['110°45′11.65″', 110.753236],
		['110°45\'11.65"', 110.753236],
		['110度45分11.65秒', 110.753236],
		['东经110°45′', 110.75],
		['110°45.5′', 110.758333],
		['E110.75', 110.75],
		['１１０．７５', 110.75],
		['110 45 11.65', 110.753236],
		[110.75, 110.75]
	])('%s', (text, value) => expect(readDegrees(text)).toBeCloseTo(value, 6));
	it.each(['', '村委会', '110°75′', '110°45′99″', '1e9999', '110.7.5'])('not %s', (text) =>
		expect(readDegrees(text)).toBeNull()
	);
	it('reads pairs, money, land and counts with their units', () => {
		expect(readPair('110.75,32.6')).toEqual([110.75, 32.6]);
		expect(readPair('110.75，32.6')).toEqual([110.75, 32.6]);
		expect(readPair('东经110°45′ 北纬32°36′')).toEqual([110.75, 32.6]);
		expect(readPair('附近')).toBeNull();
		expect(readNumber('约1,200')).toEqual({ number: 1200, rest: '' });
		expect(readWan('1.2亿元', '')).toBe(12000);
		expect(readWan(50000, '元')).toBe(5);
		expect(readWan(50, '万元')).toBe(50);
		expect(readMu(2, '公顷')).toBe(30);
		expect(readMu('2000平方米', '')).toBe(3);
		expect(readCount('1.2万人')).toBe(12000);
	});
});

describe('words', () => {
	it('knows its own headings, and units and stars on them', () => {
		for (const m of meanings) expect(meaningOf(headingOf(m))).toBe(m);
		expect(meaningOf('* 占地面积（亩）')).toBe('land');
		expect(splitHeading('总投资(亿元)').unit).toBe('亿元');
		expect(meaningOf('村（社区）')).toBe('village');
		expect(meaningOf('自然村（组）')).toBe('group');
		expect(meaningOf('责任人及电话')).toBe('answers');
		expect(meaningOf('constructor')).toBeNull();
		expect(meaningOf('__proto__')).toBeNull();
	});
	it('names the kinds of problems', () => {
		const all = {
			户厕损坏: 'TOILET',
			杂草丛生: 'GREEN',
			杆线乱拉: 'LINES',
			废旧农膜: 'FILM',
			畜禽粪污: 'MANURE',
			乱涂乱贴: 'ADS',
			道路坑洼: 'ROAD',
			污水直排: 'SEWAGE',
			残垣断壁: 'RUIN',
			沟渠淤积: 'WATER',
			露天焚烧: 'BURN',
			垃圾箱满溢: 'BIN',
			乱堆乱放: 'HEAP',
			积存垃圾: 'TRASH',
			乱搭乱建: 'SHED',
			其他: 'OTHER'
		};
		for (const [text, kind] of Object.entries(all)) expect(categoryOf('', text)).toBe(kind);
		for (const [code, { zh }] of Object.entries(taskKinds))
			expect(categoryOf(zh, ''), zh).toBe(code);
	});
	it('tells done from not done', () => {
		for (const t of [
			'已完成',
			'完成',
			'已整改',
			'整改到位',
			'是',
			'√',
			'已全部清理',
			'已办结',
			'100%',
			'已完成，未反弹'
		])
			expect(saysDone(t), t).toBe(true);
		for (const t of [
			'未完成',
			'整改中',
			'正在整改',
			'部分完成',
			'预计6月完成',
			'完成50%',
			'否',
			'尚未整改',
			'基本完成',
			'未整改到位'
		])
			expect(saysDone(t), t).toBe(false);
		for (const t of ['', '见附件']) expect(saysDone(t), t).toBeNull();
		for (const t of ['是', '√', '已销号', '通过']) expect(saysProven(t), t).toBe(true);
		for (const t of ['', '否', '未销号', '×', '待验收']) expect(saysProven(t), t).toBe(false);
		expect(saysProven('部分')).toBeNull();
	});
	it('calls a village by its name', () => {
		expect(villageName('白马村委会 ')).toBe('白马村');
		expect(villageName('上街 村民委员会')).toBe('上街村');
		expect(villageName('城关社区居委会')).toBe('城关社区');
	});
});
