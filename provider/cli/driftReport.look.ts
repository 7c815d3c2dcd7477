import { fingerprint } from "../auth/fingerprint.ts";
import { printable } from "../http/printable.ts";
import type { Difference } from "../lifecycle/drift.ts";
import type { Finding } from "../lifecycle/inspect.ts";
import type { Exactness, Facet } from "../lifecycle/kind.ts";
import { explained } from "../presentable.ts";
import { inspect } from "../runtime.ts";
import { atMost } from "./atMost.ts";
import { said } from "./command.ts";
import type { ManagedObject } from "./deployment.ts";
import type { DriftReport, ReportedDifference, ReportedResource } from "./driftReport.ts";
import { without } from "./secrets.ts";
import type { StackState } from "./stackState.ts";

/** How many objects are looked at at a time. */
const AT_A_TIME = 16;

/** Looks at all objects of a stack. One that can't be read is reported as such, and the others go on. */
export async function driftReport(state: StackState, how: Exactness): Promise<DriftReport> {
	const { stack, objects } = state;
	const all = await atMost(AT_A_TIME, objects, (object) => reported(object, state, how));
	const resources = all.filter((resource) => resource !== undefined).sort((a, b) => (a.urn < b.urn ? -1 : 1));
	const failed = resources.filter(({ status }) => status === "unreadable").length;
	return {
		version: 1,
		...(stack === undefined ? {} : { stack }),
		checked: objects.length,
		drifted: resources.length - failed,
		failed,
		withheld: objects.reduce((sum, { withheld }) => sum + withheld.length, 0),
		resources,
	};
}

/** An object as the report has it; undefined where it is as it was deployed. */
async function reported(
	object: ManagedObject,
	state: StackState,
	how: Exactness,
): Promise<ReportedResource | undefined> {
	const { urn, type, name, id } = object;
	const plain = without([...object.texts, ...state.secrets]);
	const clean = (text: string): string => printable(plain(text));
	const named = { urn, type, name, id };
	try {
		const { status, label, differences, successor, told } = await look(object, state, how);
		if (status === "unchanged") return undefined;
		return {
			...named,
			label: clean(label),
			status,
			...(successor === undefined ? {} : { successor }),
			differences: differences.map(plainly),
			...(told === undefined ? {} : { message: clean(told) }),
		};
	} catch (error) {
		return {
			...named,
			label: id || name,
			status: "unreadable",
			differences: [],
			message: clean(said(explained(error))),
		};
	}
}

async function look(object: ManagedObject, { config }: StackState, how: Exactness): Promise<Finding> {
	const { kind, id, values: outputs, withheld, secret } = object;
	if (kind === undefined)
		throw new TypeError("State does not tell which kind of resource this is: __provider is not ours.");
	const veil = (facet: Facet): Facet => (isWithin(facet.path, secret) ? veiled(facet) : facet);
	return inspect(kind, { id, outputs, how, withheld, veil }, config);
}

/** Whether the value at a path is a secret, lies in one or has one in it. */
function isWithin(path: string, secret: readonly string[]): boolean {
	return secret.some((at) => at === path || path.startsWith(`${at}.`) || at.startsWith(`${path}.`));
}

/** What a kind itself takes for a secret is a fingerprint already. */
function veiled(facet: Facet): Facet {
	if (facet.secret || facet.value === "") return facet;
	return { path: facet.path, value: fingerprint(facet.value), secret: true };
}

function plainly({ path, last, live, declared }: Difference): ReportedDifference {
	const isSecret = [last, live, declared].some((facet) => facet?.secret);
	return {
		path,
		last: plainValue(last),
		live: plainValue(live),
		declared: plainValue(declared),
		...(isSecret ? { secret: true } : {}),
	};
}

/** To the services an empty value is none. */
function plainValue(facet: Facet | undefined): string | null {
	return facet === undefined || facet.value === "" ? null : facet.value;
}
