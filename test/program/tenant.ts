import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { generateHardwareHash, type MachineView } from "../emulator/emulator.ts";
import type { Deployment, ResourceV3 } from "../engine/index.ts";
import { listPieces } from "../resilience/secrets/search.ts";
import { assertSameObjects } from "./deployment.ts";
import type { Site } from "./site.ts";

const IMPORTS = "/deviceManagement/importedWindowsAutopilotDeviceIdentities";
const MACHINES = "/deviceManagement/windowsAutopilotDeviceIdentities";

/** The routes of a machine's life, as named in the request log. */
export const ROUTES = {
	signIn: "GET /_identity/token",
	queue: `POST ${IMPORTS}`,
	queueTogether: `POST ${IMPORTS}/import`,
	look: `GET ${IMPORTS}/{id}`,
	read: `GET ${MACHINES}/{id}`,
	change: `POST ${MACHINES}/{id}/updateDeviceProperties`,
	delete: `DELETE ${MACHINES}/{id}`,
} as const;

/** Returns how many requests queued imports, of one or several machines. */
export function countImports(requests: Readonly<Record<string, number>>): number {
	return (requests[ROUTES.queue] ?? 0) + (requests[ROUTES.queueTogether] ?? 0);
}

/** Creates a registration id for seeding a tenant. */
export function createSeedId(number: number): string {
	return `5eeded00-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

/** The length of a piece that proves the whole: so many characters of a hash do not occur by chance. */
export const PIECE = 60;

/**
 * Generates a hardware hash of about 4000 characters whose pieces all differ, so that any piece of it can be searched
 * for.
 *
 * @param take distinguishes several hashes of one machine
 */
export function generateLongHash(serialNumber: string, take = 1): string {
	const bytes = [...Array(90).keys()].map((index) =>
		createHash("sha256").update(`${serialNumber} ${take} ${index}`).digest(),
	);
	return generateHardwareHash(serialNumber, { uuid: Buffer.concat(bytes) });
}

/** Returns the machines in state, by resource name. */
export function readStateMachines({ deployment }: Deployment): Readonly<Record<string, ResourceV3>> {
	const kept = (deployment.resources ?? []).filter(({ type }) => type.endsWith(":AutopilotIdentity"));
	return Object.fromEntries(kept.map((resource) => [resource.urn.split("::").at(-1) ?? "", resource]));
}

/** Returns the only machine with a serial number. */
export function getMachine({ emulator }: Pick<Site, "emulator">, serialNumber: string): MachineView {
	const [machine, ...others] = emulator.control.machines.find(serialNumber);
	assert.ok(machine, `${serialNumber} is not registered`);
	assert.deepEqual(others, [], `${serialNumber} is registered once`);
	return machine;
}

/** Asserts that state and tenant hold the same machines with the same fields, and that no import record is left. */
export function assertRegistered({ emulator }: Site, state: Deployment): void {
	const inState = Object.values(readStateMachines(state)).map(({ id, outputs = {} }) => ({
		id,
		serialNumber: outputs["serialNumber"],
		groupTag: outputs["groupTag"],
		userPrincipalName: outputs["assignedUserPrincipalName"] ?? "",
		addressableUserName: outputs["addressableUserName"] ?? "",
		displayName: outputs["displayName"] ?? "",
	}));
	const inTenant = emulator.control.machines
		.list()
		.map(({ id, serialNumber, groupTag, userPrincipalName, addressableUserName, displayName }) => ({
			id,
			serialNumber,
			groupTag,
			userPrincipalName,
			addressableUserName,
			displayName,
		}));
	assertSameObjects(inState, inTenant);
	assert.deepEqual(emulator.control.machines.imports(), []);
}

/** Asserts that each machine's hash is in state once, encrypted, among its inputs. */
export function assertHashKept(state: Deployment): void {
	for (const [name, { inputs, outputs }] of Object.entries(readStateMachines(state))) {
		const hash = inputs?.["hardwareIdentifier"];
		assert.ok(typeof hash === "object" && hash !== null && "ciphertext" in hash, `${name}: ${String(hash)}`);
		assert.ok(!("hardwareIdentifier" in (outputs ?? {})), `${name} has its hash once`);
	}
}

/** Asserts that the text contains no piece of a hash. */
export function assertNoHash(hashes: readonly string[], text: string): void {
	const pieces = new Set(hashes.flatMap((hash) => listPieces(hash, PIECE)).filter(isTelling));
	const found = listPieces(text, PIECE).findIndex((piece) => pieces.has(piece));
	assert.ok(found < 0, `a piece of a machine's hash is in plain text after ${text.slice(found - 80, found)}`);
}

/** Returns whether a piece is secret, unlike the zeros at the end of a hash. */
function isTelling(piece: string): boolean {
	return !/^A*=*$/.test(piece);
}
