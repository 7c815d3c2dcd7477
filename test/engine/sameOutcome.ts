import assert from "node:assert/strict";
import type { Deployment, ResourceV3 } from "./deployment.ts";
import type { Operation, Outcome } from "./engine.ts";
import { DEFAULT_PASSPHRASE } from "./standIn/standIn.ts";
import { makeCrypter } from "./standIn/state/crypter.ts";

/** The result of a move on one engine. */
export interface Played {
	readonly outcome: Outcome;
	readonly state: Deployment;
	readonly sortCalls: readonly string[];
}

/**
 * Asserts that two engines did the same: the same steps, in the same order if one resource depends on another, the same
 * calls of the provider, exit code, counts, outputs and diagnostics, and the same state except for times, random ids
 * and encryption.
 */
export async function assertSameOutcome(
	ours: Played,
	theirs: Played | undefined,
	index: number,
): Promise<void> {
	assert.ok(theirs !== undefined);
	const at = `move ${index + 1}: stand-in (+) and pulumi (-) differ in`;
	const [left, right] = [ours.outcome, theirs.outcome];
	assert.equal(left.exitCode, right.exitCode, `${at} the exit code`);
	assert.deepEqual(sortOperations(left), sortOperations(right), `${at} the steps`);
	assert.deepEqual(left.changes, right.changes, `${at} the counts`);
	assert.deepEqual(listDiagnostics(left), listDiagnostics(right), `${at} the diagnostics`);
	assert.deepEqual(left.outputs, right.outputs, `${at} the outputs`);
	assert.deepEqual(calls(ours), calls(theirs), `${at} the provider's calls`);
	const [ourState, theirState] = [await decryptState(ours.state), await decryptState(theirs.state)];
	assert.deepEqual(ourState, theirState, `${at} the state`);
	const links = listDependencyLinks(ours.state, theirs.state);
	assert.deepEqual(listLinkedOrders(left, links), listLinkedOrders(right, links), `${at} the order`);
}

const sortOperations = ({ operations: list }: Outcome): Operation[] =>
	[...list].sort((left, right) => formatJson(left).localeCompare(formatJson(right)));

const formatJson = (value: unknown): string => JSON.stringify(value);

const listDiagnostics = ({ diagnostics: list }: Outcome): string[] =>
	list.map(({ severity, urn = "", message }) => `${severity} ${urn} ${normalizeMessage(message)}`).sort();

/** Removes names of stacks and paths, which differ between runs, from a message. */
const normalizeMessage = (message: string): string =>
	message
		.replaceAll(/\n\s+at .*/gu, "")
		.replaceAll(/\/tmp\/\S+/gu, "<path>")
		.trim();

const calls = ({ sortCalls: list }: Played): string[] => [...list].sort();

async function decryptState({ deployment }: Deployment): Promise<unknown> {
	const crypter = await makeCrypter(DEFAULT_PASSPHRASE, deployment.secrets_providers?.state?.salt);
	const resources = (deployment.resources ?? []).map((resource) =>
		decryptResource(resource, crypter.decrypt),
	);
	const pending = (deployment.pending_operations ?? []).map(
		({ type, resource }) => `${type} ${resource.urn}`,
	);
	return {
		resources: resources.sort((left, right) => formatJson(left).localeCompare(formatJson(right))),
		pending: pending.sort(),
	};
}

function decryptResource(resource: ResourceV3, decrypt: (cipher: string) => string): unknown {
	const { created, modified, ...rest } = resource;
	const text = JSON.stringify({ ...rest, dated: [created !== undefined, modified !== undefined] });
	return JSON.parse(text, (name, value: unknown) => {
		if (typeof value === "string" && UUID.test(value)) return value.replace(UUID, "<uuid>");
		if (SORTED.includes(name) && Array.isArray(value)) return [...value].sort();
		return isSecret(value) ? { secret: JSON.parse(decrypt(value.ciphertext)) } : value;
	});
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/u;
const SORTED = ["dependencies", "additionalSecretOutputs"];

const isSecret = (value: unknown): value is { readonly ciphertext: string } =>
	typeof value === "object" &&
	value !== null &&
	"ciphertext" in value &&
	typeof value.ciphertext === "string";

/** Returns for each URN all URNs that it depends on, directly or indirectly, in any of the states. */
function listDependencyLinks(...states: readonly Deployment[]): Map<string, Set<string>> {
	const links = new Map<string, Set<string>>();
	for (const resource of states.flatMap(({ deployment }) => deployment.resources ?? [])) {
		const own = [resource.parent ?? "", ...(resource.dependencies ?? [])];
		const all = own.flatMap((urn) => [urn, ...(links.get(urn) ?? [])]);
		links.set(resource.urn, new Set([...(links.get(resource.urn) ?? []), ...all]));
	}
	return links;
}

/** Lists the order of every two steps whose resources are linked or the same. */
function listLinkedOrders(
	{ operations: list }: Outcome,
	links: ReadonlyMap<string, ReadonlySet<string>>,
): string[] {
	const areLinked = (left: string, right: string): boolean =>
		left === right || links.get(left)?.has(right) === true || links.get(right)?.has(left) === true;
	const name = ({ op, urn }: Operation): string => `${op} ${urn}`;
	// The remains of one resource are deleted in parallel.
	const isSideBySide = (first: Operation, second: Operation): boolean =>
		first.urn === second.urn &&
		[first, second].every(({ op }) => op === "delete" || op === "delete-replaced");
	return list
		.filter(({ op }) => op !== "refresh")
		.flatMap((first, index, all) =>
			all
				.slice(index + 1)
				.filter((second) => second.op !== "refresh" && areLinked(first.urn, second.urn))
				.filter((second) => !isSideBySide(first, second))
				.map((second) => `${name(first)} before ${name(second)}`),
		)
		.sort();
}
