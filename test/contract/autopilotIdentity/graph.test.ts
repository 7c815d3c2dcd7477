import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { createTransport } from "../../../provider/http/transport.ts";
import { type Fault, generateHardwareHash } from "../../emulator/emulator.ts";
import type { Role } from "../../emulator/entra/roles.ts";
import { IdleClock } from "../harness/clocks.ts";
import { withUnvisitedServer } from "../harness/environment.ts";
import { catchError } from "../scene.ts";
import { EntraToken } from "../subject/entraToken.ts";
import type { TenantStage } from "../subject/tenantStage.ts";
import {
	ASK,
	assertMachineInStep,
	MACHINES,
	PRESS,
	RECORDS,
	SERIAL,
	UPLOAD,
	withTenant,
} from "./withTenant.ts";

const ADOPT = { serialNumber: SERIAL, adopt: true };
const MOVED = { ...PRESS, groupTag: "Front desk" };

describe("The list of machines", () => {
	for (const pageSize of [2, 3]) {
		test(
			`is read to its end in pages of ${pageSize}, whose first row repeats the last row of the previous page`,
			withTenant(
				async (tenant) => {
					seedOthers(tenant, 6);
					const resource = await tenant.deploy(ADOPT);
					assert.equal(resource.known.id, tenant.getMachine(SERIAL).id);
					assert.ok(tenant.requests.count(ASK.list) > 2);
					await assertMachineInStep(tenant, resource, ADOPT);
				},
				{ autopilot: { pageSize } },
			),
		);
	}
	test(
		"that links back to itself ends in an error, not in an endless loop",
		withTenant(
			async (tenant) => {
				seedOthers(tenant, 3);
				const { message } = await catchError(tenant.deploy(ADOPT));
				assert.match(message, /looking for machine "5CG1234ABC" failed: the list does not end/);
				assert.ok(tenant.requests.count(ASK.list) < 4);
			},
			{ autopilot: { pageSize: 1 } },
		),
	);
	test(
		"is not followed to another host, which receives no token",
		withTenant((tenant) =>
			withUnvisitedServer(async (trap) => {
				const value = [{ id: "1", serialNumber: "x" }];
				const body = { value, "@odata.nextLink": `${trap.url}v1.0/deviceManagement/x` };
				tenant.control.faults.add({ match: ASK.list, action: { kind: "status", status: 200, body } });
				const { message } = await catchError(tenant.deploy(ADOPT));
				assert.match(message, /link to the next page leads to http:\/\/127\.0\.0\.1:\d+, which is not/);
				assert.equal(trap.visits, 0);
			}),
		),
	);
	test(
		"is read without a filter if the serial number has no letter or digit",
		withTenant(
			async (tenant) => {
				const [machine] = tenant.control.machines.seed([
					{ serialNumber: "--", productKey: "PK-1" },
					{ serialNumber: "---", productKey: "PK-2" },
				]);
				const resource = await tenant.deploy({ serialNumber: "--", productKey: "PK-1", adopt: true });
				assert.equal(resource.known.id, machine?.id);
			},
			{ autopilot: { identityFilter: "none" } },
		),
	);
	test(
		"is read completely if the tenant does not support the filter",
		withTenant(
			async (tenant) => {
				const [machine] = tenant.control.machines.seed([{ serialNumber: SERIAL }, { serialNumber: "5CG-1" }]);
				const { message } = await catchError(tenant.deploy(PRESS));
				assert.match(message, /^AutopilotIdentity 5CG1234ABC exists already/);
				const resource = await tenant.deploy(ADOPT);
				assert.equal(resource.known.id, machine?.id);
			},
			{ autopilot: { identityFilter: "none" } },
		),
	);
});

describe("A throttling service", () => {
	const nested = JSON.stringify({
		_version: 3,
		Message: "Too many requests - Operation ID x",
		RetryAfter: 37,
	});
	const busy: readonly (readonly [string, Fault["action"], number])[] = [
		["without Retry-After", { kind: "throttle" }, 10_000],
		["with Retry-After 23", { kind: "throttle", retryAfter: 23 }, 23_000],
		[
			"with Intune's own RetryAfter 37",
			{ kind: "status", status: 429, body: { error: { code: "TooManyRequests", message: nested } } },
			37_000,
		],
	];
	for (const [what, action, least] of busy) {
		test(
			`${what} receives no request until its delay is over`,
			withTenant(async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				tenant.control.faults.add({ match: ASK.change, action });
				await resource.up(MOVED);
				assert.ok(tenant.clock.pauses.some((pause) => pause >= least));
				assert.deepEqual(tenant.words.listTexts(), []);
				await assertMachineInStep(tenant, resource, MOVED);
			}),
		);
	}
	test(
		"never receives writes faster than it allows, for any number of machines",
		withTenant(
			async (tenant) => {
				const shared = new IdleClock(tenant.control.clock);
				const life = tenant.connect({ shared, network: shared.watch(createTransport()) });
				const inputs = Array.from({ length: 150 }, (_, at) => declareMachine(`5CG-${at}`));
				await Promise.all(inputs.map((each) => life.create(each)));
				assert.equal(tenant.requests.list().filter(({ status }) => status === 429).length, 0);
				assert.equal(tenant.control.machines.list().length, 150);
			},
			{ autopilot: { writeLimit: 100 } },
		),
	);
});

describe("An application that is not allowed to", () => {
	test(
		"to write fails with the permission that it needs, and nothing is queued",
		withTenant(async (tenant) => {
			const { message } = await catchError(deployAs(tenant, ["DeviceManagementServiceConfig.Read.All"]));
			assert.match(
				message,
				/importing machine "5CG1234ABC" failed: Application is not authorized .*\(403, Forbidden/,
			);
			assert.match(
				message,
				/application permission DeviceManagementServiceConfig\.ReadWrite\.All with admin/,
			);
		}),
	);
	test(
		"to read fails with the permission that it needs",
		withTenant(async (tenant) => {
			const { message } = await catchError(deployAs(tenant, []));
			assert.match(message, /looking for imports of machine "5CG1234ABC" failed/);
			assert.match(
				message,
				/application permission DeviceManagementServiceConfig\.Read\.All \(or ReadWrite\.All\)/,
			);
		}),
	);
	test(
		"authenticate fails with the advice to check the cloud",
		withTenant(async (tenant) => {
			const credential = tenant.token.replaceHeader(async () => "Bearer none.of.yours");
			const { message } = await catchError(tenant.deploy(PRESS, { credential }));
			assert.match(message, /\(401, InvalidAuthenticationToken/);
			assert.match(message, /autopilot:cloud must be the cloud of the tenant/);
		}),
	);
});

describe("A tenant with Multi Admin Approval", () => {
	test(
		"that requires a justification leads to an error that names the setting",
		withTenant(async (tenant) => {
			tenant.control.machines.switches.multiAdminApproval = true;
			const { message } = await catchError(tenant.deploy(PRESS));
			assert.match(
				message,
				/importing machine "5CG1234ABC" failed: Header 'x-msft-approval-justification' is required/,
			);
			assert.match(message, /Set autopilot:approvalJustification/);
		}),
	);
	for (const approvalStatus of [403, 412] as const) {
		for (const verb of ["create", "update", "delete"] as const) {
			test(
				`that holds the ${verb} for approval (${approvalStatus}) is reported with a remedy, and nothing is changed`,
				withTenant(async (tenant) => {
					const { switches } = tenant.control.machines;
					const config = { "autopilot:approvalJustification": "Für die Kioske" };
					const resource = tenant.createResource({ config });
					if (verb !== "create") await resource.up(PRESS);
					Object.assign(switches, { multiAdminApproval: true, approvalStatus });
					const before = tenant.control.machines.list();
					const work = verb === "delete" ? resource.destroy() : resource.up(MOVED);
					const { message } = await catchError(work);
					assert.match(message, /"5CG1234ABC" failed: Approval Required/);
					assert.match(message, /Exclude this application from the access policy/);
					assert.doesNotMatch(message, /permission DeviceManagement|changed by somebody else/);
					assert.deepEqual(tenant.control.machines.list(), before);
					assert.deepEqual(
						tenant.control.machines.approvals().map(({ justification }) => justification),
						["Für die Kioske"],
					);
					const again = await catchError(verb === "delete" ? resource.destroy() : resource.up(MOVED));
					assert.match(again.message, /An active Approval Request already exists .*Exclude this application/);
				}),
			);
		}
	}
});

describe("A service that differs from the one that the strategy expects", () => {
	test(
		"is reported with the setting that selects the strategy",
		withTenant(
			async (tenant) => {
				const resource = await tenant.deploy(PRESS);
				tenant.control.machines.switches.profile = "live";
				const { message } = await catchError(resource.up(MOVED));
				assert.match(
					message,
					/Resource not found for the segment 'importedWindowsAutopilotDeviceIdentityUpload'/,
				);
				assert.match(
					message,
					/Set autopilot:strategy to live, which uses the routes that Graph serves today/,
				);
			},
			{ ...UPLOAD, records: 1 },
		),
	);
	const strange: readonly (readonly [string, Fault["action"], RegExp])[] = [
		["an HTML page", { kind: "html", status: 200 }, /is not JSON/],
		["a truncated response", { kind: "truncate", contentLength: "cut" }, /is not JSON/],
		[
			"a value that is not a list",
			{ kind: "status", status: 200, body: { value: 7 } },
			/the response is not a list/,
		],
	];
	for (const [what, action, says] of strange) {
		test(
			`and responds to a list request with ${what} is reported, and nothing is queued`,
			withTenant(async (tenant) => {
				const match = { method: "GET", path: `^(?:${MACHINES}|${RECORDS})$` };
				tenant.control.faults.add({ match, times: "always", action });
				const { message } = await catchError(tenant.deploy(PRESS));
				assert.match(message, /looking for imports of machine "5CG1234ABC" failed/);
				assert.match(message, says);
				assert.equal(tenant.requests.count(ASK.queue), 0);
			}),
		);
	}
});

/** Machines whose serial numbers contain the sample's, on either side of it. */
function seedOthers({ control }: TenantStage, count: number): void {
	const others = Array.from({ length: count }, (_, at) => ({ serialNumber: `${at}-${SERIAL}` }));
	const more = Array.from({ length: count }, (_, at) => ({ serialNumber: `${SERIAL}-${at}` }));
	control.machines.seed([...others, { serialNumber: SERIAL }, ...more]);
}

function declareMachine(serialNumber: string): Record<string, unknown> {
	return { serialNumber, hardwareIdentifier: generateHardwareHash(serialNumber), groupTag: "Kiosk" };
}

function deployAs(tenant: TenantStage, roles: readonly Role[]): Promise<unknown> {
	return tenant.deploy(PRESS, { credential: new EntraToken(tenant.emulator, roles) });
}
