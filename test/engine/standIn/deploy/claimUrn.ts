import { Bail } from "../emitter.ts";
import { makeUrn } from "../urn.ts";
import type { Deployment } from "./deployment.ts";
import type { Records } from "./records.ts";

/** Gives a registration its URN, which nothing else in this operation may have. */
export function claimUrn(
	{ scope, emitter }: Deployment,
	{ urns }: Records,
	{ type, name, parent }: { readonly type: string; readonly name: string; readonly parent: string },
): string {
	if (parent !== "" && !urns.has(parent)) throw new Error(`could not find parent resource ${parent}`);
	const urn = makeUrn(scope, parent, type, name);
	if (urns.has(urn)) {
		const message = `Duplicate resource URN '${urn}'; try giving it a unique name`;
		emitter.error(message, urn);
		throw new Bail(message);
	}
	urns.add(urn);
	return urn;
}
