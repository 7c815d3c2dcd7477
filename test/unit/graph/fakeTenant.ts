import assert from "node:assert/strict";
import type { GraphClient, GraphRequest } from "../../../provider/graph/client.ts";
import { type ImportReader, Imports } from "../../../provider/graph/imports/records.ts";
import { Machines } from "../../../provider/graph/machines.ts";
import type { GraphOperationContext } from "../../../provider/graph/operationContext.ts";
import { PollingProgress } from "../../../provider/graph/polling.ts";
import { LiveStrategy } from "../../../provider/graph/strategy.live.ts";
import type { Strategy, StrategyContext } from "../../../provider/graph/strategy.ts";
import { UnreadUsers } from "../../../provider/graph/unreadUser.ts";
import { Deadline } from "../../../provider/http/deadline.ts";
import { ServiceError } from "../../../provider/http/errors.ts";
import { TestClock } from "../doubles.ts";

/** The next response of a route: a JSON value, or an error that is thrown. */
export type FakeResponse = Readonly<Record<string, unknown>> | Error | undefined;

/**
 * The responses of each route in turn; the last one is repeated. `machines`, `imports` and `uploads` stand for the paths of
 * those collections in any version: `GET machines/m-1`.
 */
export type Routes = Readonly<Record<string, readonly FakeResponse[]>>;

/** A tenant without a network, and the requests that it received. */
export interface FakeTenant {
	readonly context: GraphOperationContext;
	readonly strategyContext: StrategyContext;
	readonly client: GraphClient;
	readonly deadline: Deadline;
	readonly clock: TestClock;
	readonly calls: GraphRequest[];
	/** The routes of all requests, in order. */
	sentRoutes(): string[];
	/** The ids of the records that were discarded. */
	readonly discarded: string[];
}

const COLLECTIONS: readonly [name: string, path: RegExp][] = [
	["machines", /^\/(?:v1\.0|beta)\/deviceManagement\/windowsAutopilotDeviceIdentities/],
	["uploads", /^\/beta\/deviceManagement\/importedWindowsAutopilotDeviceIdentityUploads/],
	["imports", /^\/v1\.0\/deviceManagement\/importedWindowsAutopilotDeviceIdentities/],
];

/** Reads the records of each operation by requests of its own. */
const UNCOALESCED_READER: ImportReader = {
	search: (imports, { serialNumber, importId }) =>
		imports.search(serialNumber, (record) => record.importId.toLowerCase() === importId),
	get: (imports, { id, serialNumber }) => imports.get(id, serialNumber),
};

/** A strategy that needs import records for as long as the machines are registered, as the strategies with uploads do. */
export class RecordKeepingStrategy extends LiveStrategy {
	override readonly keepsRecords = true;
}

/** Creates a tenant that responds by these routes; a request to any other route fails the test. */
export function createFakeTenant(
	routes: Routes,
	timeoutMs = 30 * 60_000,
	StrategyClass: new (context: StrategyContext) => Strategy = LiveStrategy,
): FakeTenant {
	const clock = new TestClock();
	const deadline = new Deadline("create", timeoutMs, clock);
	const calls: GraphRequest[] = [];
	const discarded: string[] = [];
	const client: GraphClient = {
		send: async (request) => {
			const route = formatRoute(request);
			const turn = calls.filter((earlier) => formatRoute(earlier) === route).length;
			calls.push(request);
			const responses = routes[route] ?? assert.fail(`no response is defined for ${route}`);
			const response = responses[Math.min(turn, responses.length - 1)];
			if (response instanceof Error) throw response;
			return { json: response, headers: {} };
		},
	};
	const imports = new Imports(client, deadline);
	const strategyContext: StrategyContext = {
		client,
		machines: new Machines(client, deadline),
		imports,
		importBatcher: { queue: ({ inputs, importId }) => imports.queue(inputs, importId) },
		clock,
		deadline,
		uploadIds: new Map(),
	};
	const context: GraphOperationContext = {
		unreadUsers: new UnreadUsers(() => {}),
		...strategyContext,
		strategy: new StrategyClass(strategyContext),
		importReader: UNCOALESCED_READER,
		listedMachines: { getRow: async () => undefined },
		progress: new PollingProgress(clock, () => undefined),
		discardRecord: async ({ id }) => {
			discarded.push(id);
		},
	};
	return {
		context,
		strategyContext,
		client,
		deadline,
		clock,
		calls,
		discarded,
		sentRoutes: () => calls.map(formatRoute),
	};
}

function formatRoute({ method, path }: GraphRequest): string {
	const short = COLLECTIONS.reduce((current, [name, prefix]) => current.replace(prefix, name), path);
	return `${method} ${short}`;
}

/** Creates an error of Graph as the client throws it. */
export function createServiceError(status: number, serviceCode: string, text = serviceCode): ServiceError {
	return new ServiceError(`asking failed: ${text} (${status}, ${serviceCode}, request id r-9).`, {
		status,
		serviceCode,
		requestId: "r-9",
	});
}

/** The error for an object that does not exist. */
export const GONE = createServiceError(404, "ResourceNotFound");
/** The error for a write that Intune refuses because it is changing the machine itself. */
export const CONTENTION = createServiceError(412, "ConditionNotMet");
