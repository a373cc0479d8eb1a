import { fitControl, type Control } from './control';
import type { Box } from './crs';
import type { At, Located } from './locate';
import { Refused } from './problems';

/** Through points known in both systems; null with the reason said when they do not do. */
export function byControl(control: Control, id: string, box: Box, at: At): Located | null {
	const { problems, file } = at;
	try {
		const { fit, convert, farFrom, reach } = fitControl(control);
		at.guesses.push({ what: 'crs', layer: at.layer, value: id, why: 'control', alternatives: [] });
		const details = { layer: at.layer, rms: fit.rms.toFixed(3), count: fit.residuals.length };
		problems.add('warning', 'crs_approximate', file, details);
		// Old datums lie up to some hundred metres off, hardly turned and hardly scaled.
		const shift = Math.hypot(fit.east, fit.north);
		if (fit.rms > 1 || shift > 1000 || Math.abs(fit.ppm) > 1000 || Math.abs(fit.turn) > 600)
			problems.add('warning', 'control_doubtful', file, {
				...details,
				shift: shift.toFixed(0),
				ppm: fit.ppm.toFixed(0)
			});
		const middle = [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
		if (farFrom(middle) > Math.max(reach * 3, 1000))
			problems.add('warning', 'control_far', file, {
				layer: at.layer,
				km: (farFrom(middle) / 1000).toFixed(1)
			});
		return { id, confidence: 0.5, approximate: true, fit, convert };
	} catch (error) {
		if (!(error instanceof Refused)) throw error;
		problems.add('error', error.code, file, { layer: at.layer, ...error.details });
		return null;
	}
}
