package main

import (
	"reflect"
	"time"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/intstr"
)

type filling int

const (
	nothing filling = iota
	// Every pointer is set, to its zero value.
	zeros
	everything
)

// Schemas hold schemas.
const deepest = 9

var moment = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

func fill(object runtime.Object, how filling) {
	if how != nothing {
		fillValue(reflect.ValueOf(object).Elem(), how, 0)
	}
}

func fillValue(value reflect.Value, how filling, depth int) {
	if how == everything && fillSpecial(value) {
		return
	}
	switch value.Kind() {
	case reflect.Pointer:
		if depth < deepest {
			value.Set(reflect.New(value.Type().Elem()))
			fillValue(value.Elem(), how, depth+1)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if tag := value.Type().Field(i).Tag.Get("protobuf"); tag != "" && tag != "-" {
				fillValue(value.Field(i), how, depth+1)
			}
		}
	default:
		if how == everything {
			fillPlain(value, depth)
		}
	}
}

func fillPlain(value reflect.Value, depth int) {
	switch value.Kind() {
	case reflect.String:
		value.SetString("text é")
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Int32:
		value.SetInt(-7)
	case reflect.Int64:
		value.SetInt(1 << 40)
	case reflect.Float64:
		value.SetFloat(1.5)
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			value.SetBytes([]byte{0, 1, 254, 255})
		} else if depth < deepest {
			// The zero value, and a full one.
			value.Set(reflect.MakeSlice(value.Type(), 2, 2))
			fillValue(value.Index(1), everything, depth+1)
		}
	case reflect.Map:
		if depth < deepest {
			value.Set(reflect.MakeMap(value.Type()))
			full := reflect.New(value.Type().Elem()).Elem()
			fillValue(full, everything, depth+1)
			value.SetMapIndex(reflect.ValueOf("full").Convert(value.Type().Key()), full)
			zero := reflect.Zero(value.Type().Elem())
			// A list that is nil comes back as one that is empty.
			if zero.Kind() != reflect.Slice {
				value.SetMapIndex(reflect.ValueOf("").Convert(value.Type().Key()), zero)
			}
		}
	}
}

func fillSpecial(value reflect.Value) bool {
	switch field := value.Addr().Interface().(type) {
	case *meta.Time:
		field.Time = moment
	case *meta.MicroTime:
		field.Time = moment.Add(1234 * time.Microsecond)
	case *meta.FieldsV1:
		field.Raw = []byte(`{"f:metadata":{"f:name":{}}}`)
	case *resource.Quantity:
		*field = resource.MustParse("1500m")
	case *intstr.IntOrString:
		*field = intstr.FromString("25%")
	case *runtime.RawExtension:
		field.Raw = []byte(`{"a":[1,null]}`)
	case *apiextensions.JSON:
		field.Raw = []byte(`{"b":"c"}`)
	default:
		return false
	}
	return true
}
