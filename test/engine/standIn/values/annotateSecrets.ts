import { containsSecrets, isMap, mapEntries, type PropertyMap, Secret, type Value } from "./value.ts";

/**
 * Marks as secret what a provider that takes no secrets gave back in plain text: each value whose counterpart at the
 * same path of what it was given holds a secret (pkg/resource/plugin/provider_plugin.go, `annotateSecrets`).
 */
export const annotateSecrets = (answer: PropertyMap, given: PropertyMap): PropertyMap =>
	mapEntries(answer, (value, name) => annotateValue(value, given[name]));

function annotateValue(answer: Value, given: Value | undefined): Value {
	if (given === undefined) return answer;
	if (isMap(answer) && isMap(given)) return annotateSecrets(answer, given);
	return !(answer instanceof Secret) && containsSecrets(given) ? new Secret(answer) : answer;
}

/**
 * Marks the named outputs, and those whose input of the same name is secret, after a step
 * (pkg/resource/deploy/step_executor.go, `continueExecuteStep`).
 */
export const markSecretOutputs = (
	outputs: PropertyMap,
	inputs: PropertyMap,
	names: readonly string[],
): PropertyMap =>
	mapEntries(outputs, (value, name) => {
		const secret = names.includes(name) || inputs[name] instanceof Secret;
		return secret && name !== "id" && !(value instanceof Secret) ? new Secret(value) : value;
	});
