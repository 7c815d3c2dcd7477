import assert from "node:assert/strict";
import type { GraphClient, GraphRequest } from "../../../provider/graph/client.ts";
import { type ImportReader, Imports } from "../../../provider/graph/imports/records.ts";
import { Machines } from "../../../provider/graph/machines.ts";
import type { OperationContext } from "../../../provider/graph/operationContext.ts";
import { PollingProgress } from "../../../provider/graph/polling.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ServiceError } from "../../../provider/http/errors.ts";
import { TestClock } from "../doubles.ts";

/** What a route answers next: a JSON value, or an error that it throws. */
export type Answered = Readonly<Record<string, unknown>> | Error | undefined;

/**
 * For each route what it answers in turn; the last answer is given for ever. `machines`, `imports` and `uploads` stand
 * for the paths of those collections, whatever the version: `GET machines/m-1`.
 */
export type Routes = Readonly<Record<string, readonly Answered[]>>;

/** A tenant without a network, and what was asked of it. */
export interface FakeTenant {
	readonly tenant: OperationContext;
	readonly client: GraphClient;
	readonly deadline: Deadline;
	readonly clock: TestClock;
	readonly calls: GraphRequest[];
	/** The routes that were asked, in order. */
	asked(): string[];
	/** The ids of the records that were discarded. */
	readonly discarded: string[];
}

const COLLECTIONS: readonly [name: string, path: RegExp][] = [
	["machines", /^\/(?:v1\.0|beta)\/deviceManagement\/windowsAutopilotDeviceIdentities/],
	["uploads", /^\/beta\/deviceManagement\/importedWindowsAutopilotDeviceIdentityUploads/],
	["imports", /^\/v1\.0\/deviceManagement\/importedWindowsAutopilotDeviceIdentities/],
];

/** Every operation reads for itself. */
const ALONE: ImportReader = {
	search: (imports, { serialNumber, importId }) =>
		imports.search(serialNumber, (record) => record.importId.toLowerCase() === importId),
	get: (imports, { id, serialNumber }) => imports.get(id, serialNumber),
};

/** A tenant that answers by these routes; a request on any other one fails the test. */
export function createFakeTenant(routes: Routes, allowed = 30 * 60_000): FakeTenant {
	const clock = new TestClock();
	const deadline = new Deadline("create", allowed, clock);
	const calls: GraphRequest[] = [];
	const discarded: string[] = [];
	const client: GraphClient = {
		send: async (call) => {
			const route = formatRoute(call);
			const turn = calls.filter((before) => formatRoute(before) === route).length;
			calls.push(call);
			const answers = routes[route] ?? assert.fail(`nothing was written down for ${route}`);
			const answer = answers[Math.min(turn, answers.length - 1)];
			if (answer instanceof Error) throw answer;
			return { json: answer, headers: {} };
		},
	};
	const imports = new Imports(client, deadline);
	const tenant: OperationContext = {
		machines: new Machines(client, deadline),
		imports,
		importReader: ALONE,
		clock,
		deadline,
		progress: new PollingProgress(clock, () => undefined),
		queue: (inputs, importId) => imports.queue(inputs, importId),
		discard: async ({ id }) => {
			discarded.push(id);
		},
	};
	return { tenant, client, deadline, clock, calls, discarded, asked: () => calls.map(formatRoute) };
}

function formatRoute({ method, path }: GraphRequest): string {
	const short = COLLECTIONS.reduce((current, [name, prefix]) => current.replace(prefix, name), path);
	return `${method} ${short}`;
}

/** An error of Graph, as a client throws it. */
export function createServiceError(status: number, serviceCode: string, text = serviceCode): ServiceError {
	return new ServiceError(`asking failed: ${text} (${status}, ${serviceCode}, request id r-9).`, {
		status,
		serviceCode,
		requestId: "r-9",
	});
}

export const GONE = createServiceError(404, "ResourceNotFound");
/** What Intune answers to a write that it is too busy with the machine for. */
export const CONTENTION = createServiceError(412, "ConditionNotMet");
