import type { OpKind, Outcome, Payload } from '$lib/domain/op';
import type { Right } from '$lib/domain/place';
export class ProjectDesk {
	readonly townshipId: string = '';
	may(_right: Right, _level: 'village' | 'township' | 'district'): boolean { return true; }
	send<K extends OpKind>(_kind: K, _target: string, _payload: Payload<K>, _v?: number): Promise<Outcome> { return Promise.reject(new Error()); }
	offerUndo(_word: string, _ops: () => Promise<unknown>): void {}
	get busy(): boolean { return false; }
}
