import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import { readForm } from '../../src/lib/geo/form/file';
import { villageForm } from '../node/forms-made';
import { expect, rest, test, townshipOf } from './app';

const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

test('the county’s form is filled with sources, corrected, and known next month', async ({
	person,
	app
}) => {
	const page = await person('planner');
	const township = townshipOf(page);
	const { body: villages } = await rest(
		page,
		app,
		'places?level=eq.village&select=id,name,households&order=name&limit=4'
	);
	const names = villages.map((v: { name: string }) => v.name);
	const drop = (bytes: Uint8Array, name: string) =>
		page
			.locator('input[type=file]')
			.setInputFiles({ name, mimeType: type, buffer: Buffer.from(bytes) });
	await page.goto(`${app.origin}/t/${township}/forms`);
	await expect(page.getByRole('heading', { level: 1, name: '填表' })).toBeVisible();

	await drop(Buffer.from('hello'), '坏表.xlsx');
	await expect(page.getByText('不是 XLSX 或 DOCX 文件')).toBeVisible();

	await drop(await villageForm(names), '统计表.xlsx');
	await expect(page.getByText('云溪镇农村人居环境整治情况统计表').first()).toBeVisible();
	const cell = (label: string, village: string) =>
		page.getByRole('button', { name: new RegExp(`${label}.*${village}[：，]`) });
	const { body: progress } = await rest(
		page,
		app,
		`rpc/progress_on?p_township=${township}&p_day=2099-01-01`
	);
	const counts = progress.find(
		(p: { village_id: string; kind: string }) =>
			p.village_id === villages[0].id && p.kind === 'task'
	);
	await expect(cell('问题数', names[0])).toHaveText(String(counts.planned));
	await expect(cell('已整改', names[0])).toHaveText(String(counts.done));
	// A cell says where its figure comes from; the rate shows its working.
	await cell('完成率', names[0]).click();
	const dialog = page.getByRole('dialog');
	await expect(dialog.getByText(`算法：成了 ${counts.proven} ÷ 说了 ${counts.said}`)).toBeVisible();
	await expect(dialog.getByRole('link', { name: '看出处' })).toHaveAttribute(
		'href',
		new RegExp(villages[0].id)
	);
	await dialog.getByRole('button', { name: '填这个' }).click();
	// Corrected for the whole column.
	await cell('已整改', names[0]).click();
	await dialog.getByLabel('填什么').selectOption({ label: '问题：未整改' });
	await dialog.getByRole('button', { name: '整列照此填' }).click();
	const open = String(counts.planned - counts.done);
	await expect(cell('已整改', names[0])).toHaveText(open);
	const { violations } = await new AxeBuilder({ page }).analyze();
	expect(violations.map((v) => v.id)).toEqual([]);

	const down = page.waitForEvent('download');
	await page.getByRole('button', { name: '填好并下载' }).click();
	const download = await down;
	expect(download.suggestedFilename()).toBe('统计表_已填.xlsx');
	const cells = readForm(new Uint8Array(await readFile((await download.path())!))).tables[0]!.cells;
	const at = (place: string) => cells.find((c) => c.at === place)?.text;
	expect([at('B4'), at('C4'), at('D4'), at('E4')]).toEqual([
		names[0],
		'321',
		String(counts.planned),
		open
	]);
	await expect(page.getByText('认得这张表')).toBeVisible();

	await drop(await villageForm(names, '2026年12月'), '统计表12月.xlsx');
	await expect(page.getByText('认得这张表')).toBeVisible();
	await expect(cell('已整改', names[0])).toHaveText(open);
});
