import { status } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
	GetRootResourceResponse,
	type LogRequest,
	type SetRootResourceRequest,
	SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { ResourceMonitorService } from "@pulumi/pulumi/proto/resource_grpc_pb";
import * as rpc from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { handleUnary, type Listening, RpcError, serve } from "../channel.ts";
import type { Goal, Registered } from "../deploy/goal.ts";
import { EventQueue } from "../deploy/source.ts";
import type { Emitter } from "../emitter.ts";
import { isProviderType } from "../urn.ts";
import { containsUnknowns, type PropertyMap } from "../values/value.ts";
import { readStruct, toStruct } from "../values/wire.ts";
import { DefaultProviders } from "./defaultProviders.ts";
import { formatPosition, listStackFrames, toGoal } from "./toGoal.ts";

const FEATURES = [
	"secrets",
	"resourceReferences",
	"outputValues",
	"aliasSpecs",
	"replacementTrigger",
	"deletedWith",
	"replaceWith",
];

/**
 * The resource monitor, which a program calls (pkg/resource/deploy/source_eval.go, `resmon`). Every registration
 * becomes an event in the queue; the call returns when the resulting step has ended.
 */
export class Monitor {
	readonly queue = new EventQueue();
	readonly #root: string;
	readonly #goals = new Map<string, Goal>();
	readonly #providers: DefaultProviders;
	readonly #released: Promise<void>;
	#release: () => void = () => {};

	constructor(root: string, config: PropertyMap) {
		this.#root = root;
		this.#providers = new DefaultProviders(this.queue, config);
		this.#released = new Promise((resolve) => {
			this.#release = resolve;
		});
	}

	/** Lets a waiting program end. */
	release(): void {
		this.#release();
	}

	/** Starts listening. */
	serve(): Promise<Listening> {
		return serve([
			ResourceMonitorService,
			{
				supportsFeature: handleUnary((request: rpc.SupportsFeatureRequest) => {
					const response = new rpc.SupportsFeatureResponse();
					response.setHassupport(FEATURES.includes(request.getId()));
					return response;
				}),
				registerResource: handleUnary((request: rpc.RegisterResourceRequest) => this.#register(request)),
				registerResourceOutputs: handleUnary((request: rpc.RegisterResourceOutputsRequest) =>
					this.#registerOutputs(request),
				),
				readResource: handleUnary((request: rpc.ReadResourceRequest) => this.#read(request)),
				invoke: handleUnary((request: rpc.ResourceInvokeRequest) => {
					throw createUnsupportedError(`the function ${request.getTok()}`);
				}),
				call: handleUnary(() => {
					throw createUnsupportedError("a call of a component's method");
				}),
				registerPackage: handleUnary(() => {
					throw createUnsupportedError("a parameterized package");
				}),
				signalAndWaitForShutdown: handleUnary(() => {
					this.queue.end();
					return this.#released.then(() => new Empty());
				}),
			},
		]);
	}

	async #register(request: rpc.RegisterResourceRequest): Promise<rpc.RegisterResourceResponse> {
		if (request.getRemote()) throw createUnsupportedError("a component of another language");
		if (request.getImportid() !== "") throw createUnsupportedError("the import option");
		const parent = this.#goals.get(request.getParent());
		const stated = toGoal(request, this.#root, parent);
		const goal = { ...stated, provider: await this.#providerOf(request, parent) };
		const result = await new Promise<Registered>((done) => {
			this.queue.push({ kind: "register", goal, done });
		});
		if (result.result !== "success" && !request.getSupportsresultreporting()) {
			throw new RpcError(status.INTERNAL, "resource registration failed");
		}
		this.#goals.set(result.state.urn, goal);
		return respond(request, result);
	}

	async #providerOf(request: rpc.RegisterResourceRequest, parent: Goal | undefined): Promise<string> {
		const type = request.getType();
		if (!request.getCustom() || isProviderType(type)) return "";
		const pkg = type.split(":")[0] ?? "";
		const own = request.getProvider() || request.getProvidersMap().get(pkg);
		const inherited =
			parent?.provider.includes(`pulumi:providers:${pkg}::`) === true ? parent.provider : undefined;
		return own ?? inherited ?? this.#providers.reference(pkg, request.getVersion());
	}

	async #registerOutputs(request: rpc.RegisterResourceOutputsRequest): Promise<Empty> {
		const outputs = readStruct(request.getOutputs());
		await new Promise<void>((done) => {
			this.queue.push({ kind: "outputs", urn: request.getUrn(), outputs, done });
		});
		return new Empty();
	}

	async #read(request: rpc.ReadResourceRequest): Promise<rpc.ReadResourceResponse> {
		const type = request.getType();
		const pkg = type.split(":")[0] ?? "";
		if (pkg === "pulumi") throw createUnsupportedError(type);
		const provider = request.getProvider() || (await this.#providers.reference(pkg, request.getVersion()));
		const { state } = await new Promise<Registered>((done) => {
			this.queue.push({
				kind: "read",
				id: request.getId(),
				name: request.getName(),
				type,
				provider,
				parent: request.getParent(),
				properties: readStruct(request.getProperties()),
				dependencies: request.getDependenciesList(),
				additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
				sourcePosition: formatPosition(this.#root, request.getSourceposition()),
				stackTrace: listStackFrames(this.#root, request.getStacktrace()),
				done,
			});
		});
		const response = new rpc.ReadResourceResponse();
		response.setUrn(state.urn);
		response.setProperties(toStruct(state.outputs ?? {}, createReceiver(request)));
		return response;
	}
}

const createUnsupportedError = (what: string): RpcError =>
	new RpcError(status.UNIMPLEMENTED, `the stand-in engine cannot serve ${what}`);

const createReceiver = (request: rpc.RegisterResourceRequest | rpc.ReadResourceRequest) => ({
	secrets: request.getAcceptsecrets(),
	unknowns: true,
	resources: request.getAcceptresources(),
});

function respond(request: rpc.RegisterResourceRequest, registered: Registered): rpc.RegisterResourceResponse {
	const { state, result } = registered;
	const response = new rpc.RegisterResourceResponse();
	response.setUrn(state.urn);
	response.setId(state.id);
	response.setObject(toStruct(filterVisibleOutputs(request, state.outputs ?? {}), createReceiver(request)));
	response.setResult(
		{ success: rpc.Result.SUCCESS, failed: rpc.Result.FAIL, skipped: rpc.Result.SKIP }[result],
	);
	return response;
}

/** Returns the outputs that the program may see; those of a component are hidden until it registers them. */
function filterVisibleOutputs(request: rpc.RegisterResourceRequest, outputs: PropertyMap): PropertyMap {
	if (!request.getCustom()) return {};
	if (request.getSupportspartialvalues()) return outputs;
	return Object.fromEntries(Object.entries(outputs).filter(([, value]) => !containsUnknowns(value)));
}

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/** Serves the log of programs and providers (proto/pulumi/engine.proto). */
export function serveEngine(emitter: Emitter): Promise<Listening> {
	let root = "";
	return serve([
		EngineService,
		{
			log: handleUnary((request: LogRequest) => {
				const severity = SEVERITIES[request.getSeverity()] ?? "info";
				const about = { urn: request.getUrn(), ephemeral: request.getEphemeral() };
				if (severity !== "debug") emitter.emitDiagnostic(severity, request.getMessage(), about);
				return new Empty();
			}),
			getRootResource: handleUnary(() => {
				const response = new GetRootResourceResponse();
				response.setUrn(root);
				return response;
			}),
			setRootResource: handleUnary((request: SetRootResourceRequest) => {
				root = request.getUrn();
				return new SetRootResourceResponse();
			}),
		},
	]);
}
