import { driftOf, isAnother } from "./drift.ts";
import { namesWithRole } from "./facets.ts";
import { insist, isFresh } from "./insist.ts";
import type { Live, Target, Values } from "./kind.ts";
import { type Life, naming } from "./life.ts";
import { pick } from "./merge.ts";
import { outputsOf } from "./outputs.ts";
import { plain } from "./plain.ts";
import { DECLARED, declaredPaths, rememberedIdentity, renewDeclared } from "./record.ts";
import { threeWay } from "./report.ts";

/** What Pulumi expects of `read`; an empty id says that the object is gone. */
export interface ReadResult {
	id: string;
	props: Record<string, unknown>;
	inputs?: Record<string, unknown>;
}

/** The live object as outputs, and its declared fields as inputs so that a refresh names what differs. */
export async function read<Inputs extends object>(
	life: Life<Inputs>,
	id: string,
	olds: Values,
): Promise<ReadResult> {
	const { kind } = life;
	const target = { id, values: olds };
	const remote = kind.connect("read");
	const look = () => remote.find(target);
	const live = await (isFresh(kind, olds, life.around.now())
		? insist(life.around, "expected", look)
		: look());
	if (live === undefined) return { id: "", props: {} };
	life.plans.refresh(kind.key(target), live);
	if (isAnother(kind, olds, live)) {
		life.around.say(
			`${naming(life, target)} was deleted and created again outside Pulumi since the last deployment; ` +
				kind.words.reborn,
		);
	}
	const props = refreshed(life, live, olds);
	if (!withholds(olds)) return { id, props, inputs: liveInputs(life, live, olds) };
	tellDifferences(life, target, live);
	return { id, props };
}

/**
 * Whether the inputs of the last deployment hold an identity that neither the service nor state's outputs give back.
 * Pulumi keeps its inputs where `read` answers with none; inputs without that identity would look like a change.
 */
function withholds(olds: Values): boolean {
	return [...rememberedIdentity(olds).keys()].some((name) => olds[name] === undefined);
}

/** Without live inputs Pulumi's display names no property, so the differences are told in words. */
function tellDifferences<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	live: Live<Inputs>,
): void {
	const differences = driftOf(life.kind, live, { outputs: target.values });
	if (differences.length === 0) return;
	const what = "was changed outside Pulumi since the last deployment";
	life.around.say(`${naming(life, target)} ${what}:\n${threeWay(differences)}`);
}

function refreshed<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const declared = renewDeclared(kind.fields, olds, live.values as Values);
	return plain({ ...outputsOf(kind, live, olds, olds), [DECLARED]: declared });
}

function liveInputs<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const kept = [...namesWithRole(kind.fields, "identity"), ...namesWithRole(kind.fields, "policy")];
	return plain({
		...Object.fromEntries(kept.map((name) => [name, olds[name] ?? (live.values as Values)[name]])),
		...pick(live.values as Values, declaredPaths(olds)),
	});
}
