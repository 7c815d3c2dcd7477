import type { CheckFailure } from "../provider/provider.ts";
import type { ResourceState } from "../state/resourceState.ts";
import { getName, isProviderType, parseDeniedPackage } from "../urn.ts";
import { isList, isMap, type PropertyMap, Secret, Unknown, type Value } from "../values/value.ts";
import type { Deployment } from "./deployment.ts";
import { omitIgnoredChanges } from "./diff.ts";
import type { Goal } from "./goal.ts";

/** A registration whose inputs the provider must accept. */
export interface Checked {
	readonly state: ResourceState;
	readonly goal: Goal;
	/** The old state. */
	readonly old: ResourceState | undefined;
	/** True if the provider must not get the old state. */
	readonly afresh: boolean;
	readonly targeted: boolean;
}

/** Lets the provider check the inputs, stores the result, and reports the failures. */
export async function checkInputs(deployment: Deployment, checked: Checked): Promise<boolean> {
	const { state, goal, old, targeted } = checked;
	const kept = old === undefined ? goal.properties : keepIgnored(deployment, state, goal, old);
	if (!state.custom || isProviderType(state.type)) return true;
	if (!targeted) {
		state.inputs = old?.inputs ?? {};
		return true;
	}
	const denied = parseDeniedPackage(state.provider);
	if (denied !== undefined)
		throw new Error(
			`Default provider for '${denied}' disabled. '${state.urn}' must use an explicit provider.`,
		);
	const provider = await deployment.provider(state.provider);
	const [olds, news] = checked.afresh || old === undefined ? [{}, goal.properties] : [old.inputs, kept];
	const answer = await provider.check(state, olds, news, deployment.options.dryRun);
	const given = state.inputs;
	state.inputs = answer.inputs;
	for (const failure of answer.failures) tell(deployment, state, failure, given);
	return answer.failures.length === 0;
}

function keepIgnored(
	deployment: Deployment,
	state: ResourceState,
	goal: Goal,
	old: ResourceState,
): PropertyMap {
	const { inputs, invalid } = omitIgnoredChanges(goal.properties, old.inputs, goal.ignoreChanges);
	if (invalid.length > 0) {
		const paths = JSON.stringify(invalid.join(", "));
		const message = `cannot ignore changes in added or removed elements of the path: ${paths}`;
		deployment.emitter.emitDiagnostic("info", message, { urn: state.urn });
	}
	return inputs;
}

function tell(
	{ emitter }: Deployment,
	state: ResourceState,
	failure: CheckFailure,
	given: PropertyMap,
): void {
	const { property, reason } = failure;
	const subject = `${state.type} resource '${getName(state.urn)}'`;
	const value = show(given[property] ?? null);
	emitter.emitError(
		property === ""
			? `${subject} has a problem: ${reason}`
			: `${subject}: property ${property} value ${value} has a problem: ${reason}`,
		state.urn,
	);
}

/** Formats a property value like the engine (sdk/go/common/resource/properties.go, `PropertyValue.String`). */
function show(value: Value): string {
	if (value instanceof Unknown) return "output<string>{}";
	if (value instanceof Secret) return `{&{${show(value.value)}}}`;
	if (value === null) return "{<nil>}";
	if (isList(value)) return `{[${value.map(show).join(" ")}]}`;
	if (!isMap(value)) return `{${value}}`;
	const names = Object.keys(value).sort();
	return `{map[${names.map((name) => `${name}:${show(value[name] ?? null)}`).join(" ")}]}`;
}
