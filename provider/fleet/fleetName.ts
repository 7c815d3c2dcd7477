import { describeOrigin } from "../hiddenInputs.ts";
import type { RuntimeContext } from "../resource/context.ts";
import { NAME_OUTPUT, ORIGIN_INPUT } from "../stateKeys.ts";
import { asString, isUnknown, type Values } from "../values.ts";
import { withRuntime } from "./fleetType.ts";

/** The parts of a fleet type that its name needs. */
interface NamedType {
	readonly title: string;
	getId(fleetInputs: Values): string;
}

/**
 * Returns the fleet's name in messages: `DeviceFleet plant`. If state has no name, because an earlier release wrote it, the
 * location replaces the name: `DeviceFleet my-hub.azure-devices.net`.
 *
 * @param values the inputs of the program, or the outputs in state
 */
function getFleetName({ title, getId }: NamedType, values: Values): string {
	const name = describeOrigin(values[ORIGIN_INPUT]) ?? asString(values[NAME_OUTPUT]);
	if (name !== undefined) return name;
	const place = getId(values);
	return isUnknown(place) ? title : `${title} ${place}`;
}

/** Returns the fleet type with its name before each warning, so that users can tell two fleets apart. */
export function withFleetName<
	Type extends NamedType & { readonly memberContext: { readonly runtime: RuntimeContext } },
>(fleetType: Type, values: Values): Type {
	const { warn } = fleetType.memberContext.runtime;
	const name = getFleetName(fleetType, values);
	return withRuntime(fleetType, { warn: (text) => warn(`${name}: ${text}`) });
}

/** Returns the outputs from which a later run knows the fleet's name after the fleet was removed from the program. */
export function buildNameOutputs(inputs: Values): Values {
	const name = describeOrigin(inputs[ORIGIN_INPUT]);
	return name === undefined ? {} : { [NAME_OUTPUT]: name };
}
