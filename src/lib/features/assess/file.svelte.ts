import { createContext } from 'svelte';
import type { Payload } from '$lib/domain/op';
import { newId } from '$lib/domain/op';
import type { Exhibit, ExhibitKind, ProjectPage } from '$lib/domain/project';
import type { ProjectDesk } from '$lib/features/projects/desk.svelte';
import type { Group } from './rows';

type Given = Omit<Payload<'exhibit.add'>, 'project' | 'cite'>;

/** The evidence of a project: what may be done with it, said once for all its parts. */
export class EvidenceFile {
	readonly #page: () => ProjectPage;
	readonly #groups: () => Group[];
	readonly desk: ProjectDesk;
	/** What is being given, and for which items. */
	adding = $state.raw<{ kind: ExhibitKind; items: string[] } | null>(null);

	constructor(page: () => ProjectPage, groups: () => Group[], desk: ProjectDesk) {
		this.#page = page;
		this.#groups = groups;
		this.desk = desk;
	}
	get page(): ProjectPage {
		return this.#page();
	}
	get groups(): Group[] {
		return this.#groups();
	}
	get may(): boolean {
		return this.desk.may('report', 'village');
	}
	/** Who gave it takes it back, else who plans here. */
	mayWithdraw(exhibit: Exhibit, me: string | null): boolean {
		return this.may && (exhibit.by === me || this.desk.may('plan', 'village'));
	}

	async add(given: Given, items: readonly string[]): Promise<boolean> {
		const payload = { ...given, project: this.page.id, cite: [...items] };
		return went(await this.desk.send('exhibit.add', newId(), payload));
	}
	/** From now on it speaks for these items of this project, and no others. */
	async cite(exhibit: Exhibit, items: readonly string[]): Promise<boolean> {
		const payload = { project: this.page.id, items: [...items] };
		return went(await this.desk.send('exhibit.cite', exhibit.id, payload));
	}
	async withdraw(exhibit: Exhibit, note: string): Promise<boolean> {
		return went(await this.desk.send('exhibit.withdraw', exhibit.id, { note }));
	}
}

const went = (outcome: { outcome: string }): boolean =>
	outcome.outcome === 'applied' || outcome.outcome === 'already';

export const [getFile, setFile] = createContext<EvidenceFile>();
