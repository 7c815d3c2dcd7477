import { KEY_TYPES } from "../iothub/keyRotation.ts";
import { listRotatedDevices, type RotatedDevice } from "../iothub/rotatedDevices.ts";
import { MEMBERS_OUTPUT } from "../stateKeys.ts";
import { sortByName } from "../text/naturalOrder.ts";
import { formatQuantity } from "../text/quantities.ts";
import { toPrintableJson } from "../text/sanitize.ts";
import { parseArguments, parseChoice, parseFormat, parseStateSource, parseWholeNumber } from "./arguments.ts";
import { type Command, CommandError, EXIT_CODES, type Terminal } from "./command.ts";
import { type ManagedObject, readStackState, type StateSource } from "./stackState.ts";

const ROTATED_HELP = `Lists the devices whose keys were changed by a rotation, from the stack's state. Sends no request to a hub.

    device-identity rotated --stack NAME [--cwd DIR] [options]
    device-identity rotated --state FILE [options]

    --stack NAME        the stack; \`pulumi\` supplies its state, from any backend
    --cwd DIR           the project's folder (default: the current one)
    --state FILE        the output of \`pulumi stack export --show-secrets\`
    --fleet NAME        lists only the devices of this resource; NAME is its name in the program
    --key-type TYPE     lists only the devices whose last rotation had this type: primary, secondary or swap
    --generation N      lists only the devices whose last rotation had this generation
    --format FORMAT     ids (default; one device id on each line) or json
    --help              prints this help

A device that was created while the rotation was declared is not listed: no rotation changed its keys.

To list only the devices of the latest wave, compare with the list before it:

    device-identity rotated --stack prod --generation 1 > before.txt
    pulumi up
    device-identity rotated --stack prod --generation 1 | grep -vxFf before.txt

--format json prints one object. Members may be added.

    devices       a list, in natural order of the ids:
      deviceId    the id of the device
      hubHostName its hub
      resource    the name of its resource in the program
      keyType     the type of its last rotation: "primary", "secondary" or "swap"
      generation  the generation of that rotation
`;

const ROTATED_OPTIONS = {
	stack: { type: "string" },
	cwd: { type: "string" },
	state: { type: "string" },
	fleet: { type: "string" },
	"key-type": { type: "string" },
	generation: { type: "string" },
	format: { type: "string" },
} as const;

/** Lists the devices whose keys a rotation changed. */
export const rotatedCommand: Command = {
	summary: "lists the devices whose keys were changed by a rotation",
	help: ROTATED_HELP,
	run: runRotated,
};

/** A device in the list, with the name of its resource in the program. */
interface ListedDevice extends RotatedDevice {
	readonly resource: string;
}

/** The parsed options of `rotated`. */
interface RotatedOptions {
	readonly source: StateSource;
	readonly format: "ids" | "json";
	/** The name of the only resource to list; undefined for all. */
	readonly resourceName: string | undefined;
	readonly isSelected: (device: RotatedDevice) => boolean;
}

/** Parses the command line of `rotated`. Throws a UsageError if it is invalid. */
export function readRotatedOptions(args: readonly string[]): RotatedOptions {
	const { values } = parseArguments({ args, options: ROTATED_OPTIONS });
	return {
		format: parseFormat(values.format ?? "ids", ["ids", "json"]),
		isSelected: createFilter(values),
		source: parseStateSource(values, "read"),
		resourceName: values.fleet,
	};
}

async function runRotated(args: readonly string[], terminal: Terminal): Promise<number> {
	const { source, format, resourceName, isSelected } = readRotatedOptions(args);
	const { objects } = await readStackState(source);
	const selected = selectResources(objects, resourceName).flatMap(listDevices).filter(isSelected);
	const devices = sortByName(selected, ({ deviceId }) => deviceId);
	if (format === "json") terminal.print(`${toPrintableJson({ devices }, 2)}\n`);
	else terminal.print(devices.map(({ deviceId }) => `${deviceId}\n`).join(""));
	terminal.log(`${formatQuantity(devices.length, "device")} with rotated keys\n`);
	return EXIT_CODES.success;
}

/** Returns whether a device has the key type and the generation that the options name. */
function createFilter({
	"key-type": keyType,
	generation,
}: {
	"key-type"?: string;
	generation?: string;
}): (device: RotatedDevice) => boolean {
	const wantedType = keyType === undefined ? undefined : parseChoice("key-type", keyType, KEY_TYPES);
	const wantedGeneration =
		generation === undefined
			? undefined
			: parseWholeNumber("generation", generation, Number.MAX_SAFE_INTEGER);
	return (device) =>
		(wantedType === undefined || device.keyType === wantedType) &&
		(wantedGeneration === undefined || device.generation === wantedGeneration);
}

function selectResources(
	objects: readonly ManagedObject[],
	name: string | undefined,
): readonly ManagedObject[] {
	if (name === undefined) return objects;
	const selected = objects.filter((object) => object.name === name);
	if (selected.length > 0) return selected;
	throw new CommandError(
		`The state has no resource "${name}" of this package; --fleet must be the resource's name in the program.`,
	);
}

function listDevices({ kind, name, values, encryptedPaths }: ManagedObject): readonly ListedDevice[] {
	if (kind !== "deviceIdentity" && kind !== "deviceFleet") return [];
	if (encryptedPaths.includes(MEMBERS_OUTPUT))
		throw new CommandError(
			`The devices of ${name} are encrypted in this state. Export it with \`pulumi stack export --show-secrets\`.`,
		);
	return listRotatedDevices(values).map((device) => ({ ...device, resource: name }));
}
