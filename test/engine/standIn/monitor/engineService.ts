import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import {
	GetRootResourceResponse,
	type LogRequest,
	type SetRootResourceRequest,
	SetRootResourceResponse,
} from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Listening, serve, unary } from "../channel.ts";
import type { Emitter } from "../emitter.ts";

const SEVERITIES = ["debug", "info", "warning", "error"] as const;

/** Serves what programs and providers log to (proto/pulumi/engine.proto). */
export function serveEngine(emitter: Emitter): Promise<Listening> {
	let root = "";
	return serve([
		EngineService,
		{
			log: unary((request: LogRequest) => {
				const severity = SEVERITIES[request.getSeverity()] ?? "info";
				const about = { urn: request.getUrn(), ephemeral: request.getEphemeral() };
				if (severity !== "debug") emitter.diagnose(severity, request.getMessage(), about);
				return new Empty();
			}),
			getRootResource: unary(() => {
				const response = new GetRootResourceResponse();
				response.setUrn(root);
				return response;
			}),
			setRootResource: unary((request: SetRootResourceRequest) => {
				root = request.getUrn();
				return new SetRootResourceResponse();
			}),
		},
	]);
}
