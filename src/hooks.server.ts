import { sequence } from '@sveltejs/kit/hooks';
import { start } from '$lib/server/backend';
import { compress } from '$lib/server/compress';
import { connect, identify } from '$lib/server/connect';
import { frontDoor } from '$lib/server/frontdoor';
import { report } from '$lib/server/faults';
import { leaving } from '$lib/server/leaving';
import { look } from '$lib/server/look';
import { secure } from '$lib/server/secure';

export const init = start;
export const handle = sequence(secure, compress, frontDoor, look, connect, identify, leaving);
export const handleError = report;
