import type { Credential } from "../../../provider/auth/credential.ts";
import { createGraphService } from "../../../provider/graph/service.ts";
import { createServiceClock, createServiceNetwork } from "../../contract/harness/emulatedServices.ts";
import { computeContentEtag } from "../../contract/subject/autopilotIdentity.ts";
import { type AutopilotSwitches, generateHardwareHash, type MachineView } from "../../emulator/emulator.ts";
import { OTHER_TENANT_ID, TENANT_ID } from "../../emulator/entra/issuer.ts";
import { readHead } from "../../emulator/http/call.ts";
import { createWorld, type World } from "../../emulator/world.ts";
import type { Leaves, Place, Tenants } from "./place.ts";
import type { Outside, Program } from "./step.ts";

const ORIGIN = "https://graph.example";
const SERIAL = "5CG1234ABC";
const HASH = generateHardwareHash(SERIAL);

const KNOBS = {
	groupTag: ["", "Kiosk", "Office", "Lab"],
	displayName: ["", "FRONT-1", "FRONT-2"],
	assignedUserPrincipalName: ["", "ada@contoso.com", "bob@contoso.com"],
};
/** When the program's hash was collected, in seconds since 1970: the hash is another string, and the machine is the same. */
const COLLECTED = ["", "3", "6"];
/** The lags of lists, in milliseconds: none, less than an import takes, and more than that. */
const LAGS = [0, 5_000, 40_000, 58_000];

/** The switches of the service in worlds in which it keeps no import ids. */
const WORLDS = {
	"import ids are replaced": { singleImportIds: "own", batchImportIds: "own" },
	"import ids are dropped": { singleImportIds: "none", batchImportIds: "none" },
} as const;
const USUAL_WORLD = { singleImportIds: "sent", batchImportIds: "sent" } as const;

/** Lets all lists of the service lag. */
export function setLag(switches: AutopilotSwitches, milliseconds: number): void {
	switches.listDelay = milliseconds;
	switches.listRemovalDelay = milliseconds;
	switches.identityListDelay = milliseconds;
	switches.identityListRemovalDelay = milliseconds;
	switches.uploadListDelay = milliseconds;
}

const NAMES = Object.keys(KNOBS) as (keyof typeof KNOBS)[];

/** Creates a tenant with room for one machine. */
export function createMachinePlace(): Place {
	const switches = { writeLimit: 0, importDelay: 45_000 };
	const address = { hostName: "fleet.example", port: 443, origin: ORIGIN };
	const world = createWorld({ timeScale: 0, autopilot: switches }, address);
	const { control } = world;
	const sources = { config: (key: string) => ({ "autopilot:endpoint": ORIGIN })[key], env: {} };
	const clock = createServiceClock(world);
	const signIn = new SignIn(world);
	const { credential } = signIn;
	const getMachine = () => control.machines.find(SERIAL).find(({ isVisible }) => isVisible);
	return {
		label: `AutopilotIdentity ${SERIAL}`,
		knobs: { ...KNOBS, collected: COLLECTED },
		ignoredPaths: Object.fromEntries(NAMES.map((name) => [name, name])),
		defaults: Object.fromEntries(NAMES.map((name) => [name, ""])),
		ids: "given",
		refresh: "words",
		open: ({ network, say }) =>
			createGraphService({ sources, clock, warn: say, credential, network }).autopilotIdentity,
		network: createServiceNetwork(world),
		view() {
			const machine = getMachine();
			return (
				machine && {
					incarnation: machine.id,
					etag: computeContentEtag(machine),
					leaves: leavesOfMachine(machine),
				}
			);
		},
		inputsOf: (program) => ({
			serialNumber: SERIAL,
			hardwareIdentifier: collectHash(program),
			...readDeclared(program),
		}),
		declaredBy: readDeclared,
		leavesOf: (outputs) => Object.fromEntries(NAMES.map((name) => [name, String(outputs[name] ?? "")])),
		incarnationOf: (id) => id,
		shown: (_path, value) => (value === "" ? "none" : JSON.stringify(value)),
		changeElsewhere: (outside) => changeElsewhere(control.machines, getMachine()?.id, outside),
		lags: LAGS,
		setLag: (milliseconds) => setLag(control.machines.switches, milliseconds),
		worlds: Object.keys(WORLDS),
		setWorld: (world) => {
			Object.assign(control.machines.switches, WORLDS[world as keyof typeof WORLDS]);
		},
		cannotProveCreation: () => control.machines.switches.singleImportIds !== "sent",
		pass: (milliseconds) => control.clock.advance(milliseconds),
		secrets: () =>
			COLLECTED.map((collected) => collectHash({ collected })).flatMap((hash) => [hash, hash.slice(0, 60)]),
		tenants: signIn,
		clear() {
			signIn.setOpaque(false);
			setLag(control.machines.switches, 0);
			Object.assign(control.machines.switches, USUAL_WORLD);
			control.clock.advance(3_600_000);
			for (const { id } of control.machines.list()) control.machines.remove(id);
			for (const { id } of control.machines.imports()) control.machines.removeImport(id);
		},
	};
}

/** Returns the hash of the machine, as it was collected for a program. */
function collectHash({ collected = "" }: Program): string {
	return collected === "" ? HASH : generateHardwareHash(SERIAL, { collectedAt: Number(collected) });
}

function readDeclared(program: Program): Leaves {
	const entries = NAMES.map((name) => [name, program[name]] as const);
	return Object.fromEntries(
		entries.filter((entry): entry is [keyof typeof KNOBS, string] => entry[1] !== undefined),
	);
}

function leavesOfMachine({ groupTag, displayName, userPrincipalName }: MachineView): Leaves {
	return { groupTag, displayName, assignedUserPrincipalName: userPrincipalName };
}

type Machines = World["control"]["machines"];

function changeElsewhere(machines: Machines, id: string | undefined, outside: Outside): void {
	if (outside.what === "make" && machines.find(SERIAL).length === 0)
		machines.seed([{ serialNumber: SERIAL, hardwareIdentifier: HASH, groupTag: "Lab" }]);
	if (id === undefined) return;
	// Nobody but the program has the hash.
	if (outside.what === "change" && outside.knob === "collected") return;
	if (outside.what === "change") machines.change(id, createChange(outside));
	else if (outside.what === "rewrite") machines.change(id, {});
	else if (outside.what === "remove") machines.remove(id);
	else if (outside.what === "recreate") machines.recreate(id);
	else if (outside.what === "live") machines.contact(id);
}

function createChange({ knob, value }: { knob: string; value: string }): object {
	return knob === "assignedUserPrincipalName" ? { userPrincipalName: value } : { [knob]: value };
}

/** The age at which a token is replaced, in milliseconds of the services' clock. It is valid for an hour. */
const GOOD = 3_000_000;

/** Signs in to the emulated directory, in one tenant or the other. */
class SignIn implements Tenants {
	readonly ownId = TENANT_ID;
	readonly #world: World;
	readonly #tokens = new Map<string, { readonly value: string; readonly from: number }>();
	#tenantId = TENANT_ID;

	constructor(world: World) {
		this.#world = world;
	}

	/** Returns tokens of the current tenant. */
	readonly credential: Credential = {
		scheme: "entra",
		identity: "Microsoft Entra identity (clientSecret)",
		getAuthorizationHeader: async () => `Bearer ${await this.#getToken()}`,
		handleUnauthorized: () => false,
		describeClockSkew: () => "",
	};

	setOpaque(isOpaque: boolean): void {
		this.#world.control.signIn.isOpaque = isOpaque;
		this.#tokens.clear();
	}

	async runElsewhere<Result>(work: () => Promise<Result>): Promise<Result> {
		const { isOpaque } = this.#world.control.signIn;
		this.setOpaque(false);
		this.#tenantId = OTHER_TENANT_ID;
		try {
			return await work();
		} finally {
			this.#tenantId = TENANT_ID;
			this.setOpaque(isOpaque);
		}
	}

	countElsewhere(): number {
		const { otherTenantMachines } = this.#world.control;
		return otherTenantMachines.list().length + otherTenantMachines.imports().length;
	}

	async #getToken(): Promise<string> {
		const now = this.#world.control.clock.now();
		const known = this.#tokens.get(this.#tenantId);
		if (known !== undefined && now - known.from <= GOOD) return known.value;
		const value = await buyToken(this.#world, this.#tenantId);
		this.#tokens.set(this.#tenantId, { value, from: now });
		return value;
	}
}

async function buyToken(world: World, tenantId: string): Promise<string> {
	const { clientId, clientSecret } = world.control.principals.first;
	const head = readHead("POST", `/${tenantId}/oauth2/v2.0/token`, {
		host: "graph.example",
		"content-type": "application/x-www-form-urlencoded",
	});
	const service = world.services.find((candidate) => candidate.owns(head));
	const form = { client_id: clientId, client_secret: clientSecret, scope: `${ORIGIN}/.default` };
	const body = new URLSearchParams({ grant_type: "client_credentials", ...form }).toString();
	const answer = await service?.answer({ ...head, body });
	return (JSON.parse(answer?.body ?? "{}") as { access_token: string }).access_token;
}
