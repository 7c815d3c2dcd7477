import { type Difference, driftOf, isAnother } from "./drift.ts";
import { namesWithRole } from "./facets.ts";
import { lookAt } from "./insist.ts";
import type { Live, Target, Values } from "./kind.ts";
import { etagOf, type Life } from "./life.ts";
import { pick } from "./merge.ts";
import { NOTED, noteDrift, sinceDeployment } from "./noted.ts";
import { outputsOf } from "./outputs.ts";
import { plain } from "./plain.ts";
import { DECLARED, declaredPaths, renewDeclared, withholdsInputs } from "./record.ts";
import { changeTold, deletionTold, noticeTold, recreationTold } from "./told.ts";

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
	const seen = await lookAt(life, olds, () => remote.probe(target, etagOf(olds), "exactly"));
	if (seen === undefined) {
		if (etagOf(olds) !== "") life.around.say(await deletionTold(life, target, remote));
		return { id: "", props: {} };
	}
	life.plans.refresh(kind.key(target), seen);
	// Pulumi keeps the inputs that it has where there are none in the answer.
	return seen === "untouched"
		? { id, props: plain({ ...olds, ...kind.deeds?.untouched(olds) }) }
		: found(life, target, seen);
}

/** An object that is not, or not provably, as state has it. */
function found<Inputs extends object>(life: Life<Inputs>, target: Target, live: Live<Inputs>): ReadResult {
	const { id, values: olds } = target;
	const differences = driftOf(life.kind, live, { outputs: olds });
	tell(life, target, { live, differences });
	const drift = noteDrift(life.kind, live, { olds, differences });
	const props = plain({ ...refreshed(life, live, olds), [NOTED]: drift });
	// Inputs that say the same are kept, with what only a program adds to them.
	const isSame = differences.length === 0 && etagOf(olds) !== "";
	return isSame || withholdsInputs(life.kind.fields, olds)
		? { id, props }
		: { id, props, inputs: liveInputs(life, live, olds) };
}

/** What Pulumi's own display of the differences does not say. */
function tell<Inputs extends object>(
	life: Life<Inputs>,
	target: Target,
	{ live, differences }: { live: Live<Inputs>; differences: readonly Difference[] },
): void {
	const { kind, around } = life;
	const olds = target.values;
	const isNew = isAnother(kind, olds, live);
	if (isNew) around.say(recreationTold(life, target));
	const notice = isNew ? undefined : kind.words.noticed(live, olds);
	if (notice !== undefined) around.say(`${noticeTold(life, target, notice)}; state follows`);
	// Without live inputs the display names no property.
	const isUnseen = withholdsInputs(kind.fields, olds) || (life.hidden === true && !isNew);
	const told = isUnseen ? sinceDeployment(differences, olds).map(asDeployed) : [];
	if (told.length > 0) around.say(changeTold(life, target, told));
}

/** What was declared is what the last deployment wrote. */
function asDeployed({ declared, ...difference }: Difference): Difference {
	return { ...difference, ...(difference.last && { declared: difference.last }) };
}

function refreshed<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const declared = renewDeclared(kind.fields, olds, live.values as Values);
	return plain({
		...outputsOf(kind, live, olds, olds),
		...kind.deeds?.renewed(live, olds),
		[DECLARED]: declared,
	});
}

function liveInputs<Inputs extends object>(
	{ kind }: Life<Inputs>,
	live: Live<Inputs>,
	olds: Values,
): Record<string, unknown> {
	const values = live.values as Values;
	const kept = [...namesWithRole(kind.fields, "identity"), ...namesWithRole(kind.fields, "policy")];
	return plain({
		...Object.fromEntries(kept.map((name) => [name, olds[name] ?? values[name]])),
		...pick(values, declaredPaths(olds)),
	});
}
