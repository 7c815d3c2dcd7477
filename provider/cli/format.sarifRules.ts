import type { DriftStatus } from "./driftReport.ts";

/** A rule as SARIF's `reportingDescriptor` has it (SARIF 2.1.0 §3.49). */
export interface SarifRule {
	readonly id: string;
	readonly name: string;
	readonly shortDescription: { readonly text: string };
	readonly fullDescription: { readonly text: string };
	readonly help: { readonly text: string };
	readonly defaultConfiguration: { readonly level: "error" | "warning" };
}

/** What each status means, and what to do about it. The ids may never change: alerts are known by them. */
export const SARIF_RULES: Readonly<Record<DriftStatus, SarifRule>> = {
	changed: createSarifRule("changed", "warning", {
		name: "DeviceIdentityChanged",
		short: "A declared field was changed outside Pulumi",
		full: "Somebody changed a field that the program declares, or the keys that state keeps no longer work, since the last deployment.",
		help: "`pulumi up` puts the declared value back. To keep the change, write it into the program. Where keys were rotated, `pulumi refresh` takes the new ones into state.",
	}),
	deleted: createSarifRule("deleted", "error", {
		name: "DeviceIdentityDeleted",
		short: "A managed object was deleted outside Pulumi",
		full: "The service says that an object which the stack manages does not exist any more.",
		help: "`pulumi up` creates it again. To let it go, remove it from the program and run `pulumi refresh`. Where it is there again under another id, declare `adopt: true`.",
	}),
	recreated: createSarifRule("recreated", "error", {
		name: "DeviceIdentityRecreated",
		short: "A managed object was deleted and created again outside Pulumi",
		full: "Somebody deleted an object that the stack manages and made another one under the same id; what the service generates is new.",
		help: "`pulumi up` takes the new object over and makes it as declared. Whoever holds credentials or scopes of the old one needs the new ones.",
	}),
	unreadable: createSarifRule("unreadable", "warning", {
		name: "DeviceIdentityUnreadable",
		short: "A managed object could not be read",
		full: "The service or its settings kept an object from being read, so nobody knows whether it drifted.",
		help: "The message says what stands in the way: a setting, a permission, or the service itself. Run the report again once that is out of the way.",
	}),
};

function createSarifRule(
	status: DriftStatus,
	level: SarifRule["defaultConfiguration"]["level"],
	texts: Readonly<Record<"name" | "short" | "full" | "help", string>>,
): SarifRule {
	return {
		id: `drift/${status}`,
		name: texts.name,
		shortDescription: { text: texts.short },
		fullDescription: { text: texts.full },
		help: { text: texts.help },
		defaultConfiguration: { level },
	};
}
