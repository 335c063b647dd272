import {
  type DescMessage,
  type DescMethod,
  type DescService,
  fromBinary,
  type MessageShape,
  toBinary,
} from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition, UntypedServiceImplementation } from "@grpc/grpc-js";

/**
 * The grpc-js definition of a protobuf-es service, for clients and servers alike. Methods are named in lowerCamelCase
 * (`modelInfer`). Messages given to it must come from `create(Schema, ...)`: a plain object fails with INTERNAL.
 * Byte fields of what it decodes share memory with the whole message: copy those you keep.
 */
export function toGrpcService(service: DescService): ServiceDefinition<UntypedServiceImplementation> {
  return Object.fromEntries(service.methods.map((method) => [method.localName, toGrpcMethod(method)]));
}

/** The grpc-js definition of one method, with its message types. */
export function toGrpcMethod<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
): MethodDefinition<MessageShape<I>, MessageShape<O>> {
  const kind = method.methodKind;
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: kind === "client_streaming" || kind === "bidi_streaming",
    responseStream: kind === "server_streaming" || kind === "bidi_streaming",
    requestSerialize: serializer(method.input),
    requestDeserialize: deserializer(method.input),
    responseSerialize: serializer(method.output),
    responseDeserialize: deserializer(method.output),
  };
}

function serializer<D extends DescMessage>(schema: D) {
  return (message: MessageShape<D>): Buffer => {
    const bytes = toBinary(schema, message);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

function deserializer<D extends DescMessage>(schema: D) {
  return (bytes: Buffer): MessageShape<D> => fromBinary(schema, bytes);
}
