import { HIDDEN_INPUTS, PREVIEW_INPUT } from "../stateKeys.ts";
import { findSuggestion } from "../text/suggestions.ts";
import { isUnknown, omitNullish, type Values } from "../values.ts";
import type { ResourceType } from "./resourceType.ts";
import { type CheckFailure, type Field, listFieldNames } from "./schema.ts";

/** The result that Pulumi expects from `check`. Pulumi silently ignores a misspelled `failures`. */
export interface CheckResult {
	inputs: Record<string, unknown>;
	failures: { property: string; reason: string }[];
}

/** Completes the inputs. Before any request is sent, rejects what the service would reject. */
export function check<Inputs extends object>(resourceType: ResourceType<Inputs>, news: Values): CheckResult {
	const { [PREVIEW_INPUT]: _, ...givenInputs } = omitNullish(news);
	const inputs = omitNullish(resourceType.normalizeInputs(givenInputs));
	const ruleFailures = [
		...checkUnexpectedInputs(resourceType, inputs),
		...checkFields(resourceType, inputs),
		...resourceType.validators.flatMap((rule) => rule(inputs)),
	];
	const failures = ruleFailures.map(({ property, reason }) => ({
		property: hideSecretProperty(resourceType, property),
		reason,
	}));
	return { inputs, failures };
}

/**
 * Returns the property, or an empty string for a secret one: Pulumi prints the value of a property that has a failure, even if it is
 * secret (pkg/resource/deploy, "property … value {…} has a problem"). The reason names the property.
 */
function hideSecretProperty<Inputs extends object>(
	{ schema }: ResourceType<Inputs>,
	property: string,
): string {
	return Object.entries<Field>(schema).some(([name, { secret }]) => name === property && secret)
		? ""
		: property;
}

function checkFields<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	inputs: Values,
): readonly CheckFailure[] {
	const names = Object.keys(resourceType.schema) as (keyof Inputs & string)[];
	return names
		.filter((name) => inputs[name] !== undefined && !isUnknown(inputs[name]))
		.flatMap((name) => resourceType.schema[name].validate(inputs[name], name));
}

function checkUnexpectedInputs<Inputs extends object>(
	resourceType: ResourceType<Inputs>,
	inputs: Values,
): readonly CheckFailure[] {
	return Object.keys(inputs)
		.filter((name) => !HIDDEN_INPUTS.includes(name) && !Object.hasOwn(resourceType.schema, name))
		.map((name) => ({
			property: name,
			reason: `${resourceType.title} has no property "${name}".${suggestProperty(resourceType, name)}`,
		}));
}

/** Returns the sentence to append to "… has no property …": the most similar known name, or all of them. */
export function suggestName(unknownName: string, knownNames: readonly string[]): string {
	const suggestion = findSuggestion(unknownName, knownNames);
	return suggestion === undefined ? ` It has: ${knownNames.join(", ")}.` : ` Did you mean "${suggestion}"?`;
}

function suggestProperty<Inputs extends object>(resourceType: ResourceType<Inputs>, name: string): string {
	const known = (["requiresReplace", "managed", "providerOption"] as const).flatMap((role) =>
		listFieldNames(resourceType.schema, role),
	);
	return suggestName(name, resourceType.suggestedProperties ?? known);
}
