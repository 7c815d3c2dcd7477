import type { Op } from "../../events/engineEvent.ts";
import type { Deployment } from "../deploy/deployment.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { isProviderType } from "../urn.ts";
import { HarmlessFailure, type Step } from "./step.ts";

/** The reason for a deletion. */
export type Deletion =
	/** The program no longer declares it. */
	| "unwanted"
	/** Its replacement was created. */
	| "replaced"
	/** Its replacement is created next: it stays in state until then, marked. */
	| "before replacement";

/** Deletes a resource (pkg/resource/deploy/step.go, `DeleteStep`). */
export const deleteStep = (
	deployment: Deployment,
	others: ReadonlySet<string>,
	old: ResourceState,
	why: Deletion,
): Step => ({
	op: getOp(old, why),
	urn: old.urn,
	type: old.type,
	old,
	new: undefined,
	logical: why === "unwanted",
	pending: "deleting",
	apply: async () => {
		if (why === "unwanted" && old.protect) throw new HarmlessFailure(formatProtected(old.urn));
		const spared = old.external || old.retainOnDelete || others.has(old.deletedWith) || !old.custom;
		if (!deployment.options.dryRun && !spared) await remove(deployment, old);
		if (why === "before replacement") old.pendingReplacement = true;
		return {};
	},
	commit: (snapshot) => {
		if (!old.pendingReplacement) snapshot.drop(old);
		return true;
	},
});

function getOp(old: ResourceState, why: Deletion): Op {
	if (old.external) return why === "unwanted" ? "discard" : "discard-replaced";
	return why === "unwanted" ? "delete" : "delete-replaced";
}

async function remove(deployment: Deployment, old: ResourceState): Promise<void> {
	if (isProviderType(old.type)) return deployment.providers.delete(old.urn, old.id);
	const provider = await deployment.provider(old.provider);
	await provider.delete(old, old.inputs, old.outputs ?? {}, old.customTimeouts.delete ?? 0);
}

const formatProtected = (urn: string): string =>
	`resource "${urn}" cannot be deleted\nbecause it is protected. To unprotect the resource, either remove the ` +
	`\`protect\` flag from the resource in your Pulumi program and run \`pulumi up\`, or use the command:\n` +
	`\`pulumi state unprotect ${quote(urn)}\``;

/** How a URN is written for a shell (sdk/go/common/resource/urn/urn.go, `Quote`). */
export const quote = (urn: string): string => `'${urn}'`;
